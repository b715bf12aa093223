"""math-verify, the comparer of what has no value at a point: sums, integrals, limits, derivatives.

Only formulas that the reader has read in full come here, as LaTeX. math-verify's reader of plain expressions is
never asked: it evaluates what it reads as Python.
"""

import logging

# Both functions warn, once a process, that their alarms are off: a CPU limit of the process stands for them.
logging.disable(logging.WARNING)

import math_verify  # noqa: E402
from latex2sympy2_extended import NormalizationConfig  # noqa: E402

FORMULA = [
    math_verify.LatexExtractionConfig(
        boxed_match_priority=0,
        normalization_config=NormalizationConfig(
            basic_latex=True, units=False, malformed_operators=True, nits=True, boxed="all",
            equations=False,
        ),
    )
]


def formula(text):
    """The sympy objects that a formula is read as; none when it cannot be read."""
    found = math_verify.parse(
        "\\boxed{" + text + "}", extraction_config=FORMULA, parsing_timeout=None,
        fallback_mode="no_fallback",
    )
    return [each for each in found if not isinstance(each, str)]


def are_equal(expected, given):
    """Whether two formulas are equal by math-verify's rules; False for what it cannot read."""
    left, right = formula(expected), formula(given)
    return bool(left and right) and math_verify.verify(left, right, timeout_seconds=None)


def versions():
    """Names and versions of the libraries that grade."""
    import sys
    from importlib.metadata import version

    names = ["math-verify", "latex2sympy2_extended", "sympy", "mpmath"]
    return {"python": sys.version.split()[0], **{name: version(name) for name in names}}
