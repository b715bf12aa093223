"""Marks of a value: unit, percentage, degree. They are compared beside the value and not as a part of it."""

from typing import NamedTuple

from . import vocabulary
from .scalars import number_of
from .trees import Node


class Marks(NamedTuple):
    """A scalar without its marks: what remains, its unit with a power, and whether it is a percentage."""

    core: Node
    unit: tuple | None
    is_percent: bool
    is_degree: bool


def marks(tree):
    """The marks of a scalar."""
    if tree.kind == "neg":
        inner = marks(tree.args[0])
        return inner._replace(core=Node("neg", (inner.core,)))
    if tree.kind == "quantity":
        inner = marks(tree.args[0])
        unit = tree.value
        is_degree = unit == ("degree", 1) or inner.is_degree
        return inner._replace(unit=None if unit[0] == "degree" else unit, is_degree=is_degree)
    if tree.kind == "percent":
        return marks(tree.args[0])._replace(is_percent=True)
    if tree.kind == "degree":
        return marks(tree.args[0])._replace(is_degree=True)
    if tree.kind == "mul" and tree.args[1].kind == "quantity":
        # `3\\sqrt{2} \\text{ cm}`: the unit is of the product.
        inner = marks(tree.args[1])
        return inner._replace(core=Node("mul", (tree.args[0], inner.core)))
    if tree.kind in ("add", "mul") and tree.args[-1].kind in ("percent", "degree", "quantity"):
        inner = marks(tree.args[-1])
        core = Node(tree.kind, (*tree.args[:-1], inner.core))
        return inner._replace(core=core) if tree.kind == "mul" else _sum_marks(tree)
    return Marks(tree, None, False, False)


def _sum_marks(tree):
    """A sum whose last term has a unit: `2 + \\sqrt{3} \\text{ cm}` is one length."""
    first, last = marks(tree.args[0]), marks(tree.args[1])
    core = Node("add", (first.core, last.core))
    return last._replace(core=core)


def readings(one, other):
    """The pairs of formulas that two scalars with marks may be compared as."""
    pairs = [(one.core, other.core)]
    if one.is_percent != other.is_percent:
        pairs = _percent_readings(one, other)
    if one.is_degree != other.is_degree:
        pairs += [
            (_radians(one.core) if one.is_degree else one.core,
             _radians(other.core) if other.is_degree else other.core)
        ]
    return pairs


def _percent_readings(one, other):
    """A percentage answers a number and its hundredth; an expected fraction only by its hundredth."""
    hundredth = [
        Node("percent", (each.core,)) if each.is_percent else each.core for each in (one, other)
    ]
    is_share = other.is_percent and one.core.kind == "div"
    plain = [] if is_share else [(one.core, other.core)]
    return plain + [tuple(hundredth)]


def _radians(core):
    return Node("div", (Node("mul", (core, Node("constant", (), "pi"))), Node("number", (), 180)))


def dimension(unit):
    return next((kind for name_, kind, size in vocabulary.UNITS.values() if name_ == unit), None)


def amount(tree):
    """The dimension of an amount and its number of smallest units; None for any other tree."""
    parts = tree.args if tree.kind == "compound" else (tree,)
    total, kinds = 0, set()
    for part in parts:
        if part.kind != "quantity" or part.value[1] != 1:
            return None
        number = number_of(part.args[0])
        size = next(size for name_, kind, size in vocabulary.UNITS.values() if name_ == part.value[0])
        kinds.add(dimension(part.value[0]))
        if number is None:
            return None
        total += number * size
    return (kinds.pop(), total) if len(kinds) == 1 else None
