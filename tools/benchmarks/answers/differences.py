"""Whether an answer certainly differs from the expected one, and places to change it."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

from answers.cases import Gold
from answers.evaluation import differ, proportional
from answers.golds import sympy_object
from answers.reading import Answer, Node, Unreadable, answer, number
from answers.spelling import answer_latex


def entries_differ(left: Answer, right: Answer) -> bool:
    """Whether two answers with entries have evidently other ones, in the sense of their shape."""
    if left.shape in ("list", "set"):
        return not loosely_matched(left.parts, right.parts)
    if left.intervals != right.intervals or left.rows != right.rows:
        return True
    return len(left.parts) != len(right.parts) or any(map(differ, left.parts, right.parts))


def loosely_matched(left: tuple[Node, ...], right: tuple[Node, ...]) -> bool:
    """Whether the entries might be the same but for rounding, in some order."""
    rest = list(right)
    for node in left:
        near = next((other for other in rest if not differ(node, other)), None)
        if near is None:
            return False
        rest.remove(near)
    return not rest


def hundredfold(left: Node, right: Node) -> bool:
    """Whether one value is the hundredfold of the other, which a percentage may mean."""
    return any(
        not differ(Node("product", (number(factor), left)), right)
        for factor in (100, Fraction(1, 100))
    )


def different(left: Answer, right: Answer) -> bool:
    """Whether two answers certainly differ."""
    if left.shape != right.shape:
        raise Unreadable("another shape")
    if left.shape in ("choice", "text", "based"):
        return (left.label.lower(), left.base) != (right.label.lower(), right.base)
    if left.shape == "equation":
        return not proportional(left, right)
    if left.shape == "assignment" and left.label != right.label:
        return False
    if left.shape == "scalar" and hundredfold(left.parts[0], right.parts[0]):
        return False
    return entries_differ(left, right)


def proved(gold: Gold, text: str) -> str | None:
    """`text` where it is certainly another answer than the expected one."""
    is_interval = gold.answer.shape in ("interval", "union")
    return text if different(gold.answer, answer(text, is_interval)) else None


def spelled(rng: Random, gold: Gold, parts: tuple[Node, ...]) -> str | None:
    """Another answer of the same shape: in LaTeX, now and then as sympy writes it."""
    changed = replace(gold.answer, parts=parts)
    if not different(gold.answer, changed):
        return None
    is_plain = not changed.unit and changed.shape not in ("equation", "set", "matrix")
    if is_plain and rng.random() < 0.25:
        return str(sympy_object(changed))
    text = answer_latex(changed)
    return text if not changed.unit else unit_spelled(text, changed.unit)


def unit_spelled(amount: str, unit: str) -> str:
    """An amount with its unit."""
    base, _, power = unit.partition("^")
    if base == "degree":
        return f"{amount}^\\circ"
    if base == "dollar":
        return f"\\${amount}"
    return f"{amount} \\text{{ {base}}}" + (f"^{power}" if power else "")


def positions(node: Node, path: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Node]]:
    """Every node below `node` with the way to it."""
    below = [
        pair for index, part in enumerate(node.parts) for pair in positions(part, (*path, index))
    ]
    return [(path, node), *below]


def put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    """The formula with `new` at the place that `path` leads to."""
    if not path:
        return new
    parts = list(node.parts)
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    return Node(node.kind, tuple(parts), node.value)


def changed_somewhere(
    rng: Random, gold: Gold, change: Callable[[Node], Node | None]
) -> str | None:
    """The answer with one node, for which `change` has a replacement, replaced."""
    places = []
    for index, part in enumerate(gold.answer.parts):
        for path, node in positions(part):
            new = change(node)
            if new is not None:
                places.append((index, path, new))
    if not places:
        return None
    index, path, new = rng.choice(places)
    parts = list(gold.answer.parts)
    parts[index] = put(parts[index], path, new)
    return spelled(rng, gold, tuple(parts))
