"""A text that is equal for answers that are evidently the same: the class of a wrong answer in a vote.

An expression with variables is named by its values at two points, which are the same however it is written
and cost little however large it is.
"""

from fractions import Fraction

import mpmath

from . import forms
from .marks import marks
from .scalars import integer_variables, points, with_constants
from .trees import Node, TooLarge, Unreadable, symbols
from .values import Undefined, is_exact, value

LONGEST = 2_000
_UNORDERED = {"list": ", ", "set_of": ", ", "union": " U "}


def canonical(answer):
    """The canonical text of an answer that was read."""
    if answer.kind != "tree":
        return answer.text[:LONGEST]
    try:
        return _canonical(forms.form(answer.tree))[:LONGEST]
    except (TooLarge, Undefined, Unreadable, RecursionError):
        return answer.text[:LONGEST]


def _canonical(tree):
    kind = tree.kind
    if kind == "named":
        return _canonical(tree.args[0])
    if kind in _UNORDERED:
        parts = sorted(map(_canonical, tree.args))
        if kind == "set_of":
            parts = sorted(set(parts))
        return "{" + _UNORDERED[kind].join(parts) + "}"
    if kind in ("tuple", "interval"):
        opening, closing = "()" if tree.value == "<>" else tree.value
        return opening + ", ".join(map(_canonical, tree.args)) + closing
    if kind == "relation":
        parts = [_canonical(side) for side in tree.args]
        return " ".join(text for pair in zip(parts, (*tree.value, "")) for text in pair if text)
    if kind in forms.STRUCTURES or kind in ("row", "solution", "ratio", "based", "compound"):
        inner = ", ".join(_canonical(part) for part in tree.args)
        label = f"; {tree.value}" if tree.value else ""
        return f"{kind}({inner}{label})"
    return _scalar(tree)


def _scalar(tree):
    found = marks(tree)
    core = with_constants(found.core, found.core)[0]
    text = _expression(core) if symbols(core) else _number(core)
    unit = ""
    if found.unit is not None:
        name, power = found.unit
        unit = f" {name}" if power == 1 else f" {name}^{power}"
    return text + ("%" if found.is_percent else "") + unit


def _number(tree):
    """A number as an integer, or to six decimals; equal values have one text."""
    try:
        return _text(value(tree))
    except (Undefined, TooLarge):
        return written(tree)


def _text(number):
    if isinstance(number, int):
        return str(number) if number.bit_length() < 4_000 else f"{mpmath.mpf(number)}"
    if not is_exact(number) and mpmath.isinf(number):
        return "oo" if number == mpmath.inf else "-oo"
    number = mpmath.mpc(_float(number))
    real, imaginary = map(_digits, (number.real, number.imag))
    return real if imaginary == "0" else f"{real}+({imaginary})i"


def _float(number):
    if is_exact(number):
        return mpmath.mpf(Fraction(number).numerator) / Fraction(number).denominator
    return number


def _digits(number):
    """Six decimals, as decimals are compared, or six digits of a small number."""
    if number == 0:
        return "0"
    if abs(number) >= mpmath.mpf("0.1"):
        rounded = mpmath.floor(number * 10**6 + mpmath.mpf("0.5")) / 10**6
        return mpmath.nstr(rounded, 40).removesuffix(".0")
    return mpmath.nstr(number, 6)


def _expression(tree):
    """The variables of an expression, and its values at the first points where it has any."""
    names = sorted(symbols(tree))
    values = []
    for point in points(names, integer_variables(tree)):
        try:
            values.append(mpmath.nstr(mpmath.mpc(_float(value(tree, point))), 10))
        except (Undefined, TooLarge):
            continue
        if len(values) == 2:
            return f"{', '.join(names)}: {', '.join(values)}"
    return written(tree)


def written(tree):
    """A tree in one plain notation, as it was written."""
    if not tree.args:
        return str(tree.value) if tree.value is not None else tree.kind
    inner = ", ".join(written(part) for part in tree.args if isinstance(part, Node))
    label = tree.kind if tree.value is None else f"{tree.kind}[{tree.value}]"
    return f"{label}({inner})"
