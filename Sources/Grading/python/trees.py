"""What a formula is made of: nodes, their bounds, and the closed list of task forms.

A tree is what the parser makes of one formula. It is bounded before anything is computed from it, so that
no answer can be expensive by its size.
"""

import math
from typing import NamedTuple

# Nodes of one answer.
MOST_NODES = 1500


class Unreadable(Exception):
    """The text has no reading that uses all of it."""


class TooLarge(Exception):
    """A value has more digits than a comparison may write out."""


class Node(NamedTuple):
    """One part of a formula.

    kind says what it is; args are its parts; value is what a leaf holds. Leaves: `number` (a Fraction or
    an int; `decimal` when it was written with a point), `symbol`, `constant` (pi, e, i, oo), `word`,
    `ellipsis`, `set` (R, Z, Q, N, empty). Operations: `add`, `mul`, `div`, `neg`, `pow`, `root`, `abs`,
    `factorial`, `binomial`, `function`, `log`, `call`, `mixed`, `pm` (the sign plus or minus). Marks: `percent`, `degree`,
    `based`, `quantity`, `ratio`. Structures: `tuple`, `interval`, `set_of`, `list`, `matrix`, `relation`,
    `builder`, `union`, `intersection`, `difference`, `congruence`. `task` is a task form that has no value
    here; its value names it.
    """

    kind: str
    args: tuple = ()
    value: object = None


def walk(node):
    """Every node of the tree, the root first."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(part for part in node.args if isinstance(part, Node))


def symbols(node):
    """The names of all variables of the tree."""
    return {part.value for part in walk(node) if part.kind in ("symbol", "call")}


def has_decimal(node):
    """Whether a number of the tree was written with a decimal point."""
    return any(part.kind == "decimal" for part in walk(node))


# The closed list of task forms: an operation that a problem asks for. An answer with one of them counts
# only where the expected answer has the same one.
TASKS = {
    "sum", "prod", "int", "lim", "derivative", "mod", "gcd", "lcm", "floor", "ceil", "max", "min",
    "det", "norm", "big power", "matrix arithmetic",
}
# A power of integers with more digits is a task form.
LONGEST_PLAIN_POWER = 15


def task_forms(node):
    """The task forms of the tree, by the names of `TASKS`."""
    found = set()
    for part in walk(node):
        if part.kind == "task":
            found.add(part.value)
        elif part.kind == "pow" and _is_big_power(part):
            found.add("big power")
    return found


def _is_big_power(node):
    digits = _digits(node)
    return digits is not None and digits > LONGEST_PLAIN_POWER


def _digits(node):
    """The decimal digits of a power of integer literals or of such powers; None for other trees."""
    number = _integer(node)
    if number is not None:
        return math.log10(max(abs(number), 1))
    if node.kind != "pow":
        return None
    base, exponent = _digits(node.args[0]), _digits(node.args[1])
    if base is None or exponent is None:
        return None
    if base == 0:
        return 0
    # The exponent's own value: its digits are enough to know that it is large.
    size = _integer(node.args[1])
    return base * (abs(size) if size is not None and abs(size) < 10**6 else 10 ** min(exponent, 6))


def _integer(node):
    """The value of an integer literal, perhaps with a sign; None for anything else."""
    if node.kind == "neg":
        inner = _integer(node.args[0])
        return None if inner is None else -inner
    return node.value if node.kind == "number" and isinstance(node.value, int) else None
