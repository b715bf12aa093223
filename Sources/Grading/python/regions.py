"""Sets of real numbers: intervals, unions of them, and the solutions of plain inequalities.

An inequality is a set only where one side is the variable alone: the grader solves nothing.
"""

from typing import NamedTuple

import mpmath

from .scalars import number_of, same_number
from .trees import Node, has_decimal, symbols, walk
from .values import is_exact

INEQUALITIES = {"<", "<=", ">", ">=", "!="}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!=", "=": "="}


class Span(NamedTuple):
    """An interval; a point when both ends are one closed value."""

    low: object
    is_low_closed: bool
    high: object
    is_high_closed: bool


LINE = (Span(-mpmath.inf, False, mpmath.inf, False),)


class NoRegion(Exception):
    """The tree is no set of real numbers with known ends."""


def region(tree):
    """The spans of a set of real numbers, in order; throws NoRegion."""
    kind = tree.kind
    if kind == "group":
        return region(tree.args[0])
    if kind in ("tuple", "interval"):
        return _interval(tree)
    if kind == "union":
        return joined(region(tree.args[0]) + region(tree.args[1]))
    if kind == "intersection":
        return common(region(tree.args[0]), region(tree.args[1]))
    if kind == "difference":
        return common(region(tree.args[0]), complement(region(tree.args[1])))
    if kind == "set" and tree.value in ("R", "empty"):
        return LINE if tree.value == "R" else ()
    if kind == "set_of":
        return joined(tuple(Span(point, True, point, True) for point in map(_end, tree.args)))
    if kind == "builder":
        return _builder(tree)
    if kind == "relation":
        return relation_region(tree)
    if kind == "list":
        return _conditions(tree)
    raise NoRegion


def _end(tree):
    """A real number or an infinity; throws NoRegion."""
    if tree.kind == "quantity":
        tree = tree.args[0]
    number = number_of(tree)
    if number is None or not is_exact(number) and mpmath.im(number) != 0:
        raise NoRegion
    if is_exact(number):
        return mpmath.mpf(number.numerator) / number.denominator
    return mpmath.re(number)


def _interval(tree):
    if len(tree.args) != 2 or tree.value == "<>":
        raise NoRegion
    low, high = map(_end, tree.args)
    if not low < high:
        raise NoRegion
    opening, closing = tree.value
    return (Span(low, opening == "[" and low != -mpmath.inf, high,
                 closing == "]" and high != mpmath.inf),)


def relation_region(tree):
    """The solutions of `x > 1`, `1 < x \\le 2`, `x \\ne 3`, `x \\in S`; throws NoRegion."""
    sides, signs = tree.args, tree.value
    if signs == ("in",):
        return region(sides[1])
    if not all(sign in INEQUALITIES for sign in signs):
        raise NoRegion
    places = [index for index, side in enumerate(sides) if _is_variable(side)]
    if len(places) != 1:
        raise NoRegion
    place = places[0]
    spans = LINE
    for index, side in enumerate(sides):
        if index == place:
            continue
        if abs(index - place) != 1:
            raise NoRegion
        sign = signs[place] if index > place else TURNED[signs[index]]
        spans = common(spans, half_line(sign, _end(side)))
    return spans


def _is_variable(tree):
    return tree.kind == "symbol" or tree.kind == "call" or tree.kind == "mul" and all(
        part.kind == "symbol" and part.value.isupper() for part in tree.args
    )


def variable(tree):
    """The variable that a relation is about; None when there are several or none."""
    found = {side.value for side in tree.args if side.kind in ("symbol", "call")}
    return found.pop() if len(found) == 1 else None


def half_line(sign, end):
    """The numbers that stand in this relation to `end`."""
    if sign == "!=":
        return complement((Span(end, True, end, True),))
    if sign in (">", ">="):
        return (Span(end, sign == ">=", mpmath.inf, False),)
    return (Span(-mpmath.inf, False, end, sign == "<="),)


def _builder(tree):
    head, conditions = tree.args
    spans = LINE
    if head.kind == "relation" and head.value == ("in",):
        inner = head.args[1]
        is_reals = inner.kind == "symbol" and inner.value == "R"
        spans = LINE if is_reals else region(inner)
        head = head.args[0]
    if head.kind != "symbol" or symbols(conditions) != {head.value}:
        raise NoRegion
    return common(spans, region(conditions))


def _conditions(tree):
    """Several relations on one variable: all hold, or one of them where `or` says so."""
    if any(part.kind not in ("relation", "list") for part in tree.args):
        raise NoRegion
    if len({variable(part) for part in walk(tree) if part.kind == "relation"}) != 1:
        raise NoRegion
    parts = [region(part) for part in tree.args]
    joints = tree.value or ()
    if "or" in joints:
        if set(joints) - {"or", ","}:
            raise NoRegion
        return joined(sum(parts, ()))
    spans = LINE
    for part in parts:
        spans = common(spans, part)
    if not spans and "and" not in joints:
        # `x < 0, x > 2` names two parts.
        return joined(sum(parts, ()))
    return spans


def joined(spans):
    """The union of spans, in order, those that touch put together."""
    found = []
    for span in sorted(spans, key=lambda each: (each.low, not each.is_low_closed)):
        last = found[-1] if found else None
        touches = last is not None and (
            span.low < last.high
            or span.low == last.high and (span.is_low_closed or last.is_high_closed)
        )
        if not touches:
            found.append(span)
        elif span.high > last.high or span.high == last.high and span.is_high_closed:
            found[-1] = last._replace(high=span.high, is_high_closed=span.is_high_closed)
    return tuple(found)


def complement(spans):
    """The real numbers outside of spans that are in order."""
    found, low, is_closed = [], -mpmath.inf, False
    for span in spans:
        if low < span.low or low == span.low and is_closed and not span.is_low_closed:
            found.append(Span(low, is_closed, span.low, not span.is_low_closed))
        low, is_closed = span.high, not span.is_high_closed
    if low != mpmath.inf:
        found.append(Span(low, is_closed, mpmath.inf, False))
    return tuple(found)


def common(left, right):
    """The intersection of two unions of spans."""
    found = []
    for one in left:
        for other in right:
            low, is_low_closed = max(
                (one.low, not one.is_low_closed), (other.low, not other.is_low_closed)
            )
            high, is_high_closed = min(
                (one.high, one.is_high_closed), (other.high, other.is_high_closed)
            )
            if low < high or low == high and not is_low_closed and is_high_closed:
                found.append(Span(low, not is_low_closed, high, is_high_closed))
    return joined(tuple(found))


def same_region(expected, given):
    """Whether two trees are one set of real numbers; None when one of them is not such a set."""
    try:
        left, right = region(expected), region(given)
    except NoRegion:
        return None
    is_decimal = has_decimal(expected) or has_decimal(given)
    return len(left) == len(right) and all(
        one.is_low_closed == other.is_low_closed
        and one.is_high_closed == other.is_high_closed
        and _same_end(one.low, other.low, is_decimal)
        and _same_end(one.high, other.high, is_decimal)
        for one, other in zip(left, right)
    )


def _same_end(left, right, is_decimal):
    if mpmath.isinf(left) or mpmath.isinf(right):
        return left == right
    return same_number(left, right, is_decimal)


def is_region(tree):
    """Whether the tree is a set of real numbers."""
    try:
        region(tree)
    except NoRegion:
        return False
    return True


def as_tuple(tree):
    """The matrix of one row or column as the tuple of its entries; None for others."""
    rows = [row.args for row in tree.args]
    if len(rows) == 1:
        return Node("tuple", rows[0], "<>")
    if all(len(row) == 1 for row in rows):
        return Node("tuple", tuple(row[0] for row in rows), "<>")
    return None
