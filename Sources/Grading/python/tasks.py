"""Task forms side by side: two sums, integrals or limits are one when their parts are.

A bound variable may have any name. Whether a sum and another sum with other parts have one value is the
library's question.
"""

from .trees import Node, symbols
from .values import Undefined

# Larger numbers in a limit make a sum that no library should write out.
LARGEST_LIMIT = 1_000


class Unequal(Exception):
    """The two have other parts: their values may still be equal."""


def same_task(left, right, same):
    """Whether two task forms have the same parts, as `same` compares parts; throws Unequal otherwise."""
    if left.value == right.value and len(left.args) == len(right.args):
        right = with_variable_of(left, right)
        kinds = [part.kind for part in left.args] == [part.kind for part in right.args]
        if kinds and all(map(lambda one, other: _same_part(one, other, same), left.args, right.args)):
            return True
    raise Unequal


def _same_part(left, right, same):
    if left.kind.startswith("limit"):
        return _same_part(left.args[0], right.args[0], same)
    if left == right:
        return True
    if left.kind == right.kind == "relation":
        return left.value == right.value and all(
            _same_part(one, other, same) for one, other in zip(left.args, right.args)
        )
    return same(left, right)


def bound_variable(task):
    """The variable that a task form binds; None when it shows none."""
    for limit in task.args[1:]:
        inner = limit.args[0] if limit.kind.startswith("limit") else limit
        if inner.kind == "relation" and inner.args[0].kind == "symbol":
            return inner.args[0].value
    body = task.args[0] if task.args else None
    if task.value == "int" and body is not None and body.kind == "mul":
        rest, last = body.args
        if last.kind == "symbol" and rest.kind in ("mul", "symbol"):
            differential = rest.args[1] if rest.kind == "mul" else rest
            if differential == Node("symbol", (), "d"):
                return last.value
    return None


def with_variable_of(left, right):
    """`right` with the bound variable of `left` in place of its own."""
    names = bound_variable(left), bound_variable(right)
    if None in names or names[0] == names[1] or names[0] in symbols(right):
        return right
    return _replaced(right, names[1], names[0])


def _replaced(tree, name, other):
    if tree.kind == "symbol" and tree.value == name:
        return tree._replace(value=other)
    parts = tuple(
        _replaced(part, name, other) if isinstance(part, Node) else part for part in tree.args
    )
    return tree._replace(args=parts)


def may_be_asked(expected, given):
    """Whether a library may compare the two: the same free variables, and no large limits."""
    free = [symbols(tree) - bound_names(tree) for tree in (expected, given)]
    return free[0] == free[1] and _largest(expected) <= LARGEST_LIMIT and (
        _largest(given) <= LARGEST_LIMIT
    )


def bound_names(tree):
    """The names that the task forms of a tree bind."""
    own = {bound_variable(tree), "d" if tree.value == "int" else None} if tree.kind == "task" else set()
    for part in tree.args:
        own |= bound_names(part)
    return own


def _largest(tree):
    own = abs(tree.value) if tree.kind in ("number", "decimal") else 0
    if tree.kind == "pow":
        own = LARGEST_LIMIT + 1 if _is_large(tree) else 0
    return max([own, *map(_largest, tree.args)])


def _is_large(tree):
    from .values import TooLarge, value

    try:
        return abs(value(tree)) > LARGEST_LIMIT
    except Undefined:
        return False
    except (TooLarge, TypeError):
        return True
