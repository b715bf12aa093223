"""Wrong answers that agree with the expected one almost everywhere, or that look like it.

An expression that differs only at far points, beyond many digits or for a value that the answer
names; digits set apart or raised; values above, below or beside the expected one.
"""

import re
from random import Random

from answers.cases import Gold, mutant
from answers.evaluation import value
from answers.golds import integer, is_number, names, plain_number
from answers.reading import formula
from answers.spelling import latex

TINY = ("e^{-200}", "e^{-1000}", "\\frac{1}{2024!}", "10^{-60}", "2^{-400}", "e^{-40}", "3^{-700}")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def polynomial(gold: Gold) -> tuple[str, str] | None:
    """A polynomial in one variable that is expected, in brackets, and its variable."""
    used = names(gold)
    is_plain = gold.answer.shape == "scalar" and not gold.answer.unit and "\\" not in gold.text
    return (f"({gold.text})", used[0]) if is_plain and len(used) == 1 else None


def changes_sign(gold: Gold, name: str) -> bool:
    """Whether the expected polynomial has values of both signs, far from zero."""
    far = [
        value(formula(re.sub(rf"(?<![A-Za-z]){name}(?![A-Za-z])", f"({each})", gold.text))).real
        for each in (-50, 50)
    ]
    return far[0] * far[1] < 0


@mutant("expression with a tiny difference")
def tiny_difference(rng: Random, gold: Gold) -> str | None:
    if polynomial(gold) is None and not (is_number(gold) and "\\" in gold.text):
        return None
    if "." in gold.text or not value(gold.answer.parts[0]):
        return None
    tiny = rng.choice(TINY)
    style = rng.choice(["@ + #", "@ - #", "(1 + #)(@)", "# + @"])
    return style.replace("@", gold.text).replace("#", tiny)


@mutant("near zero")
def near_zero(rng: Random, gold: Gold) -> str | None:
    if gold.text != "0":
        return None
    exponent = rng.randint(14, 4000)
    styles = ["e^{-@}", "2^{-@}", "\\frac{1}{10^{@}}", "\\frac{1}{@!}", "-3^{-@}", "@^{-@}"]
    style = rng.choice(styles)
    return style.replace("@", str(exponent))


@mutant("expression that differs far away")
def far_difference(rng: Random, gold: Gold) -> str | None:
    found = polynomial(gold)
    if found is None:
        return None
    text, name = found
    styles = [f"{text} + \\binom{{{name}}}{{{rng.randint(12, 60)}}}"]
    if changes_sign(gold, name):
        inner = text[1:-1]
        styles += [f"|{inner}|", f"-|{inner}|", f"\\sqrt{{{text}^2}}", f"-\\sqrt{{{text}^2}}"]
    styles += [f"{text} + e^{{-{rng.randint(2, 9)}000{name}^2}}"]
    return rng.choice(styles)


@mutant("value of the variable named")
def variable_fixed(rng: Random, gold: Gold) -> str | None:
    found = polynomial(gold)
    if found is None:
        return None
    style = rng.choice(
        [
            "@ \\text{ where } # = $",
            "@, # = $",
            "@ \\text{ with } # = $",
            "@ \\text{ for } # = $",
            "@, \\quad # = $",
            "@ \\text{ at } # = $",
            "@ \\text{ where } # \\text{ is } $",
            "@ \\text{ such that } # = $",
            "@|_{#=$}",
        ]
    )
    fixed = str(rng.randint(2, 9))
    return style.replace("@", gold.text).replace("#", found[1]).replace("$", fixed)


@mutant("digits set apart, raised or lowered")
def digits_apart(rng: Random, gold: Gold) -> str | None:
    if integer(gold) is None or not re.fullmatch(r"[1-9]\d{1,2}", gold.text):
        return None
    at = rng.randrange(1, len(gold.text))
    first, rest = gold.text[:at], gold.text[at:]
    styles = [f"{first}{joint}{rest}" for joint in (" ", "\\ ", "~", "\\quad ", ", ", "; ", ".")]
    styles += [f"{first}{rest.translate(RAISED)}", f"{first}{rest.translate(LOWERED)}"]
    styles += [f"{first}^{{{rest}}}", f"{first}_{{{rest}}}", f"{first}/{rest}", f"{first}:{rest}"]
    return rng.choice(styles)


@mutant("list for a decimal")
def list_for_decimal(rng: Random, gold: Gold) -> str | None:
    decimal = re.fullmatch(r"(\d+)\.(\d+)", gold.text)
    if decimal:
        return rng.choice([f"{decimal[1]}, {decimal[2]}", f"({decimal[1]}, {decimal[2]})"])
    if re.fullmatch(r"\d+", gold.text):
        return rng.choice([f"{gold.text}, 0", f"({gold.text}, 0)", f"\\{{{gold.text}, 0\\}}"])
    return None


@mutant("value with another one above, below or hidden")
def stacked(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None:
        return None
    other = str(rng.randint(1009, 1999))
    style = rng.choice(
        [
            "\\substack{@ \\\\ #}",
            "\\begin{cases} @ \\\\ # \\end{cases}",
            "\\begin{array}{c} @ \\\\ # \\end{array}",
            "\\overset{#}{@}",
            "\\underset{#}{@}",
            "\\stackrel{#}{@}",
            "@_{\\text{or } #}",
            "@^{\\text{or } #}",
            "\\phantom{@} #",
            "\\cancel{@} #",
            "# \\phantom{@}",
            "\\begin{pmatrix} @ & # \\end{pmatrix}",
            "f(@)",
            "f^{-1}(@)",
            "P(@)",
            "\\{x : x = @ \\text{ or } x = #\\}",
            "\\frac{@}{}",
            "\\text{@ or #}",
            "\\text{@, maybe #}",
            "\\text{between @ and #}",
            "\\text{@ if } x > 0",
            "@ \\text{ if } x = #",
            "@ \\implies #",
            "@ \\iff #",
            "\\lnot @",
            "@ \\wedge #",
            "(@)(#)",
            "@ \\choose #",
            "@ \\circ #",
            "@ \\oplus #",
            "@ \\% \\text{ of } #",
            "@ \\div #",
        ]
    )
    return style.replace("@", text).replace("#", other)


@mutant("region with a hole or an end")
def region(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape != "interval":
        return None
    low, high = (latex(part) for part in found.parts)
    below, above = ("<" if mark in "()" else "\\le" for mark in found.intervals[0])
    if "\\infty" in high:
        sign = ">" if below == "<" else "\\ge"
        hole = f"{int(value(found.parts[0]).real) + rng.randint(2, 10**6)}"
        return rng.choice(
            [
                f"x {sign} {low}, x \\ne {hole}",
                f"{found.intervals[0][0]}{low}, {hole}) \\cup ({hole}, \\infty)",
                f"{found.intervals[0][0]}{low}, {hole})",
                f"{low} {below} x < {hole}",
            ]
        )
    if "\\infty" in low:
        hole = f"-{rng.randint(2, 10**6)}"
        return rng.choice([f"x {above} {high}, x \\ne {hole}", f"{hole} < x {above} {high}"])
    if not value(found.parts[0]).real < 1 < value(found.parts[1]).real:
        return None
    interval = f"{found.intervals[0][0]}{low}, {high}{found.intervals[0][1]}"
    return rng.choice(
        [f"{interval} \\setminus \\{{1\\}}", f"{low} {below} x {above} {high}, x \\ne 1"]
    )


@mutant("equation with a factor or a power")
def other_equation(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("equation", "assignment") or not names(gold):
        return None
    if gold.answer.shape == "equation":
        left, right_side = (latex(part) for part in gold.answer.parts)
    else:
        left, right_side = gold.answer.label, latex(gold.answer.parts[0])
    factor = rng.choice(["x", "(x-1)", "(y+2)", "(x^2-4)"])
    sign = rng.choice(["\\ne", "<", "\\ge"])
    return rng.choice(
        [
            f"{factor}({left}) = {factor}({right_side})",
            f"({left})^2 = ({right_side})^2",
            f"|{left}| = |{right_side}|",
            f"{left} {sign} {right_side}",
            f"{left} = {right_side}, x = 1",
            f"{left} = {right_side} \\text{{ or }} y = 7",
        ]
    )
