"""Puts a tree into the form in which answers are compared: names apart, signs spread, chains ended.

Forms add to the kinds of trees: `named` (value: the name; one part), `assignments` (solutions as parts; each
with its names), and lists without joining words.
"""

from fractions import Fraction
import mpmath

from .marks import dimension, marks
from .scalars import FEWEST_POINTS, number_of, points, same_number, same_value
from .tasks import bound_names
from .trees import Node, TooLarge, Unreadable, has_decimal, symbols, task_forms, walk
from .values import Undefined, is_exact, value

MOST_SIGNS = 3
STRUCTURES = {
    "tuple", "interval", "set_of", "list", "matrix", "relation", "builder", "union", "intersection",
    "difference", "congruence", "named", "assignments", "set", "ellipsis", "word",
}


def form(tree):
    """The form of a tree; throws Unreadable for one that says two things."""
    if tree.kind == "list":
        return _list(tree)
    if tree.kind == "relation":
        return _relation(tree)
    if tree.kind in ("tuple", "congruence") and any(part.kind == "pm" for part in walk(tree)):
        return Node("list", tuple(map(form, _spread((tree,)))))
    if tree.kind == "add" and tree.args[0].kind == "set" and _is_negative_set(tree.args[1]):
        return Node("difference", (tree.args[0], form(tree.args[1].args[0])))
    if tree.kind in ("tuple", "set_of", "interval", "union", "intersection", "difference"):
        parts = tuple(form(part) for part in tree.args)
        if tree.kind == "set_of":
            parts = tuple(each for part in parts for each in _named_each(part))
        nested = tree._replace(args=parts)
        if tree.kind == "tuple" and len(parts) == 1 and parts[0].kind == "tuple":
            # `[(2, 3)]`: a list of one point.
            return Node("set_of", parts)
        return _matrix_of(nested) or nested
    if tree.kind == "group":
        return form(tree.args[0])
    if tree.kind == "group matrix":
        inner = form(tree.args[0])
        return inner if inner.kind == "matrix" else _column(inner)
    matrix = _scaled_matrix(tree)
    if matrix is not None:
        return matrix
    values = _spread((tree,))
    return values[0] if len(values) == 1 else Node("list", values)


def _is_negative_set(tree):
    return tree.kind == "neg" and tree.args[0].kind in ("set_of", "set")


def _matrix_of(tree):
    """`[[1, 2], [3, 4]]` as a matrix; None for others."""
    rows = tree.args
    is_nested = tree.kind == "tuple" and tree.value == "[]" and len(rows) >= 1 and all(
        row.kind == "tuple" and row.value == "[]" and len(row.args) == len(rows[0].args)
        for row in rows
    )
    return Node("matrix", tuple(Node("row", row.args) for row in rows)) if is_nested else None


def _column(tree):
    """The entries of `Matrix([1, 2])` as a column."""
    if tree.kind != "tuple":
        raise Unreadable("a matrix without rows")
    return Node("matrix", tuple(Node("row", (part,)) for part in tree.args))


def _scaled_matrix(tree):
    """A number times a matrix as one matrix; None without a matrix.

    Throws Unreadable for other arithmetic of matrices, which is the task and no answer.
    """
    if tree.kind == "matrix":
        return tree
    if tree.kind in ("mul", "div", "neg") and any(part.kind == "matrix" for part in walk(tree)):
        parts = [_scaled_matrix(part) or part for part in tree.args]
        places = [index for index, part in enumerate(parts) if part.kind == "matrix"]
        if len(places) == 1 and not (tree.kind == "div" and places[0] == 1):
            def scaled(entry):
                filled = [entry if index == places[0] else part for index, part in enumerate(parts)]
                return Node(tree.kind, tuple(filled))

            rows = parts[places[0]].args
            return Node("matrix", tuple(Node("row", tuple(map(scaled, row.args))) for row in rows))
    if any(part.kind == "matrix" for part in walk(tree)) and tree.kind != "task":
        return Node("task", (tree,), "matrix arithmetic")
    return None


def _spread(items):
    """Every item with `\\pm` as its values."""
    found = []
    for item in items:
        count = sum(1 for part in walk(item) if part.kind == "pm")
        if not count:
            found.append(item)
            continue
        if count > MOST_SIGNS:
            raise Unreadable("too many signs")
        linked = any(part.kind == "pm" and part.value == "mp" for part in walk(item))
        combinations = 2 if linked else 2**count
        for number in range(combinations):
            bits = iter([(number >> place) & 1 for place in range(count)])
            found.append(_with_signs(item, (lambda: number) if linked else lambda: next(bits)))
    return tuple(found)


def _with_signs(tree, next_sign):
    if tree.kind == "pm":
        is_negative = bool(next_sign()) != (tree.value == "mp")
        inner = _with_signs(tree.args[0], next_sign)
        return Node("neg", (inner,)) if is_negative else inner
    parts = tuple(
        _with_signs(part, next_sign) if isinstance(part, Node) else part for part in tree.args
    )
    return tree._replace(args=parts)


def _list(tree):
    """Items with one name or none as a list of values; with several names as assignments."""
    if is_condition(tree):
        return tree
    compound = _joined_amounts(tree)
    if compound is not None:
        return compound
    items = []
    for part in tree.args:
        found = form(part)
        items.extend(_named_each(found))
    names = {item.value for item in items if item.kind == "named"}
    if not names:
        return Node("list", tuple(items), "or" if "or" in (tree.value or ()) else None)
    if len(names) == 1:
        values = tuple(item.args[0] if item.kind == "named" else item for item in items)
        return Node("named", (Node("list", values),), names.pop())
    if any(item.kind != "named" for item in items):
        raise Unreadable("names and values are mixed")
    solutions, current = [], []
    for item in items:
        if item.value in [each.value for each in current]:
            solutions.append(current)
            current = []
        current.append(item)
    solutions.append(current)
    return Node("assignments", tuple(
        Node("solution", tuple(each.args[0] for each in found), tuple(each.value for each in found))
        for found in solutions
    ))


def _named_each(item):
    """A named list as its items with the name; a list as its items."""
    if item.kind == "named" and item.args[0].kind == "list":
        return [Node("named", (part,), item.value) for part in item.args[0].args]
    return item.args if item.kind == "list" else (item,)


def _joined_amounts(tree):
    """`3 hours and 30 minutes` as one amount; None for other lists."""
    parts = [part for part in tree.args if part.kind == "quantity"]
    if len(parts) != len(tree.args) or "or" in tree.value:
        return None
    units = [part.value[0] for part in parts]
    kinds = {dimension(unit) for unit in units}
    is_amount = len(kinds) == 1 and len(set(units)) == len(units)
    return Node("compound", tuple(parts)) if is_amount else None


def is_condition(tree):
    """Whether a list is of inequalities of one variable."""
    return tree.kind == "list" and all(
        is_condition(part) or part.kind == "relation" and set(part.value) & {"<", "<=", ">", ">=", "!="}
        for part in tree.args
    )


def _relation(tree):
    """A name and its value, or a chain of equal values as the last of them, or the relation itself."""
    sides, signs = tree.args, tree.value
    if signs == ("in",) and name(sides[0]):
        found = form(_set_letter(sides[1]))
        if is_scalar(found):
            raise Unreadable("a member of no set")
        return Node("named", (found,), name(sides[0]))
    if not set(signs) <= {"=", "~"}:
        return tree
    named = name(sides[0])
    if named is None and len(sides) == 2 and name(sides[1]) and not symbols(sides[0]):
        return Node("named", (form(sides[0]),), name(sides[1]))
    if named is None and _is_to_be_solved(sides):
        return tree
    rest = sides[1:] if named else sides
    rest_signs = signs[1:] if named else signs
    last = form(_last(rest, rest_signs))
    return Node("named", (last,), named) if named else last


def _is_to_be_solved(sides):
    """Whether an equation says something of its variables: it is no identity, and no value of a task form."""
    if sides[0].kind == "word":
        return True
    if task_forms(sides[0]) and not symbols(sides[0]) - bound_names(sides[0]) - {"d"}:
        return False
    if not symbols(sides[0]) and not symbols(sides[-1]):
        return False
    if any(side.kind in STRUCTURES for side in sides) or len(sides) != 2:
        return True
    return same_value(sides[0], sides[1]) is not True


def _set_letter(tree):
    """`R` behind a sign of membership as the set of the real numbers."""
    is_set = tree.kind == "symbol" and tree.value in ("R", "Z", "N", "Q", "C")
    return Node("set", (), tree.value) if is_set else tree


def _last(sides, signs):
    """The value that a chain of equations ends in; throws Unreadable when its numbers disagree."""
    if not signs:
        return sides[0]
    values = list(sides)
    while signs and signs[-1] == "~":
        # `x = \\sqrt{2} \\approx 1.41`: the exact one counts, when the other rounds it.
        if not _approximates(values[-2], values[-1]):
            raise Unreadable("an approximation of another value")
        values.pop()
        signs = signs[:-1]
    last = values[-1]
    for side in values[:-1]:
        if symbols(side) or side.kind in STRUCTURES:
            continue
        found = same_value(marks(side).core, marks(last).core)
        if found is False or found is None and not task_forms(side):
            raise Unreadable("equal signs between different values")
    return last


def _approximates(exact, rounded):
    """Whether the second is the first, rounded to its digits."""
    left, right = number_of(marks(exact).core), number_of(marks(rounded).core)
    if left is None or right is None or not is_exact(right):
        return False
    digits = next((d for d in range(31) if (Fraction(right) * 10**d).denominator == 1), None)
    if digits is None:
        return False
    # Rounded, or cut off.
    unit = mpmath.mpf(10) ** -digits
    gap = abs(_float(left)) - abs(_float(right))
    return abs(gap) <= unit * mpmath.mpf("0.5001") or 0 <= gap < unit


def _float(number):
    if is_exact(number):
        return mpmath.mpf(Fraction(number).numerator) / Fraction(number).denominator
    return number


def name(tree):
    """The text of a tree that names something: `x`, `f(x)`, `(x, y)`, `AB`; None for others."""
    if tree.kind == "symbol":
        return tree.value
    if tree.kind == "call" and tree.args[0].kind in ("symbol", "number", "list", "tuple"):
        inner = tree.args[0]
        return f"{tree.value}({inner.value if not inner.args else len(inner.args)})"
    if tree.kind == "tuple" and all(part.kind == "symbol" for part in tree.args):
        return "(" + ",".join(part.value for part in tree.args) + ")"
    if tree.kind == "ratio" and all(name(part) for part in tree.args):
        return ":".join(map(name, tree.args))
    if tree.kind == "constant" and tree.value in ("e", "i"):
        return tree.value
    letters = _capitals(tree)
    return letters


def _capitals(tree):
    """`ABC`, the name of a figure; None for other products."""
    if tree.kind == "symbol":
        return tree.value if tree.value.isupper() and len(tree.value) == 1 else None
    if tree.kind != "mul":
        return None
    parts = [_capitals(part) for part in tree.args]
    return "".join(parts) if all(parts) else None


def is_letter(text):
    """Whether a name is one letter, which is another variable when it is another letter."""
    return len(text) == 1


def has_indexed_names(solution):
    """Whether the names are one letter with several indices: `x_1`, `x_2`, whose order means nothing."""
    letters = {each.split("_")[0] for each in solution.value}
    return len(letters) == 1 and all("_" in each for each in solution.value)


def equation(named):
    """`name = value` as a relation again."""
    return Node("relation", (Node("symbol", (), named.value), named.args[0]), ("=",))


def turned(tree):
    """A chain of relations read from the right."""
    opposite = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=", "~": "~"}
    signs = tuple(opposite.get(sign, sign) for sign in reversed(tree.value))
    return tree._replace(args=tuple(reversed(tree.args)), value=signs)


def is_multiple(left, right):
    """Whether two relations of one sign are one, up to a factor and to the side of each term."""
    if len(left.value) != 1 or len(right.value) != 1 or left.value[0] in ("in", "~"):
        return False
    if any(side.kind in STRUCTURES for each in (left, right) for side in each.args):
        return False
    sign, other = left.value[0], right.value[0]
    if sign != other:
        right = turned(right)
        if right.value[0] != sign:
            return False
    one, two = (Node("add", (each.args[0], Node("neg", (each.args[1],)))) for each in (left, right))
    if symbols(one) != symbols(two) or not symbols(one):
        return False
    ratios = []
    for point in points(sorted(symbols(one)), set()):
        try:
            pair = value(one, point), value(two, point)
        except (Undefined, TooLarge):
            continue
        if pair[0] == 0 or pair[1] == 0:
            if pair[0] != pair[1]:
                return False
            continue
        ratios.append(Fraction(pair[0]) / pair[1] if all(map(is_exact, pair)) else (
            _float(pair[0]) / _float(pair[1])
        ))
    if len(ratios) < FEWEST_POINTS:
        return False
    is_directed = sign in ("<", "<=", ">", ">=")
    first = ratios[0]
    if is_directed and not (mpmath.im(_float(first)) == 0 and first > 0):
        return False
    is_decimal = has_decimal(left) or has_decimal(right)
    return all(same_number(first, each, is_decimal) for each in ratios[1:])


def as_interval(tree):
    """A tree of one interval with any ends, as a node of kind `interval`; None for others."""
    if tree.kind == "interval" or tree.kind == "tuple" and len(tree.args) == 2 and tree.value != "<>":
        return Node("interval", tree.args, tree.value)
    if tree.kind != "relation" or len(tree.args) != 3:
        return None
    signs = tree.value
    if set(signs) <= {">", ">="}:
        return as_interval(turned(tree))
    if not set(signs) <= {"<", "<="} or tree.args[1].kind not in ("symbol", "call"):
        return None
    brackets = ("[" if signs[0] == "<=" else "(") + ("]" if signs[1] == "<=" else ")")
    return Node("interval", (tree.args[0], tree.args[2]), brackets)


def is_scalar(tree):
    """Whether the tree is one value and no structure."""
    return tree.kind not in STRUCTURES
