"""Whether an answer is the expected one, by what both are.

The rules, with examples and reasons: configs/README.md.
"""

from . import forms, marks, tasks
from .regions import as_tuple, is_region, same_region, variable
from .scalars import number_of, same_number, same_value
from .trees import Node, TooLarge, has_decimal, symbols, task_forms

MOST_ITEMS = 48
ORDERED = {"tuple", "list", "set_of"}


class Undecided(Exception):
    """Nothing here can compare the two: they have no values, or too large ones."""


def is_equal(expected, given):
    """Whether `given` answers `expected`: two answers that were read; throws Undecided."""
    if expected.value and given.value:
        return _same_time(expected, given)
    if expected.kind != "tree" or given.kind != "tree":
        return False
    if not _may_be_named(expected.name, given.name):
        return False
    left, right = forms.form(expected.tree), forms.form(given.tree)
    if task_forms(right) - task_forms(left):
        return False
    try:
        return _same(left, right)
    except TooLarge:
        raise Undecided from None


def _may_be_named(expected, given):
    """Whether an answer of this name may stand for an expected one of that name."""
    both_are_letters = expected and given and max(len(expected), len(given)) == 1
    return not both_are_letters or expected == given


def _same_time(expected, given):
    """Times of day: a half of the day that is expected must be given."""
    *time, half = expected.value
    *given_time, given_half = given.value
    return time == given_time and (half == given_half or not half)


def _same(left, right):
    """Whether two forms are one value. Not symmetric: `left` is the expected one."""
    if left == right:
        return True
    if left.kind == "named" or right.kind == "named":
        return _same_named(left, right)
    if left.kind == "assignments" or right.kind == "assignments":
        return _same_assignments(left, right)
    for compare in (_same_relation, _same_sets, _same_lists, _same_tuples, _same_matrices):
        found = compare(left, right)
        if found is not None:
            return found
    if left.kind == right.kind == "task":
        return tasks.same_task(left, right, _same)
    return forms.is_scalar(left) and forms.is_scalar(right) and same_scalar(left, right)


def _same_named(left, right):
    """Values with names: the name may be left out, but not be another one."""
    names = [each.value if each.kind == "named" else None for each in (left, right)]
    if all(names) and names[0] != names[1] and all(map(forms.is_letter, names)):
        return False
    values = [each.args[0] if each.kind == "named" else each for each in (left, right)]
    if values[0].kind == "tuple" and right.kind == "named" and values[1].kind == "list":
        # Several values of one name are no point.
        return False
    if right.kind == "relation" and left.kind == "named":
        # `y - 2x - 3 = 0` for `y = 2x + 3`.
        if _same_relation(forms.equation(left), right):
            return True
    elif left.kind == "relation" and right.kind == "named":
        return bool(_same_relation(left, forms.equation(right))) or (
            same_region(left, values[1]) or False
        )
    return _same(*values)


def _same_assignments(left, right):
    """Solutions as assignments: name by name, the solutions in any order."""
    if left.kind == right.kind:
        return _matched(left.args, right.args, _same_solution)
    if left.kind == "assignments":
        if len(left.args) != 1:
            # `p=5,q=2 and p=7,q=2` as points.
            points = tuple(Node("tuple", tuple(each.args), "()") for each in left.args)
            return _same(Node("list", points), right)
        if forms.has_indexed_names(left.args[0]):
            return right.kind in ORDERED and _matched(left.args[0].args, right.args, _same)
        if right.kind == "set_of" or right.kind not in ORDERED:
            return False
        return _in_order(left.args[0].args, right.args)
    if len(right.args) != 1 or left.kind not in ("tuple", "list", "set_of"):
        return False
    if left.kind != "tuple" and forms.has_indexed_names(right.args[0]):
        return _matched(left.args, right.args[0].args, _same)
    if left.kind == "set_of":
        return False
    # The names in the order of the expected values: `(1,2)` is answered by `x=1, y=2`.
    return _in_order(left.args, right.args[0].args)


def _same_solution(expected, given):
    if set(expected.value) != set(given.value):
        return False
    places = [given.value.index(name) for name in expected.value]
    return _in_order(expected.args, [given.args[place] for place in places])


def _in_order(left, right):
    return len(left) == len(right) and all(map(_same, left, right))


def _matched(left, right, same):
    """Whether every expected item has a given one of its own, in any order."""
    if len(left) != len(right):
        return False
    if len(left) > MOST_ITEMS:
        return _in_order(left, right)
    rest = list(right)
    for item in left:
        place = next((index for index, each in enumerate(rest) if same(item, each)), None)
        if place is None:
            return False
        del rest[place]
    return True


def _distinct(items):
    found = []
    for item in items[: MOST_ITEMS + 1]:
        if not any(_same(each, item) for each in found):
            found.append(item)
    return tuple(found)


def _same_lists(left, right):
    """Lists and sets in any order, as multisets; a set forgets repetitions."""
    kinds = left.kind, right.kind
    if "list" not in kinds and "set_of" not in kinds:
        return None
    if any(part.kind == "ellipsis" for each in (left, right) for part in each.args):
        return kinds[0] in ORDERED and kinds[1] in ORDERED and _in_order(left.args, right.args)
    if kinds[0] == "tuple":
        may_be_interval = left.value != "()" and len(left.args) == 2 and is_region(left)
        if kinds[1] == "set_of" and len(right.args) == 1:
            return _same(left, right.args[0])
        return kinds[1] == "list" and right.value != "or" and not may_be_interval and _in_order(left.args, right.args)
    if kinds == ("set_of", "tuple") and len(left.args) == 1:
        return _same(left.args[0], right)
    if not set(kinds) <= ORDERED:
        # A list of one is its item.
        singles = [each.args if each.kind in ORDERED else (each,) for each in (left, right)]
        return "list" not in kinds and len(singles[0]) == len(singles[1]) == 1 and _same(
            singles[0][0], singles[1][0]
        )
    items = left.args, right.args
    if kinds == ("list", "list") and all(each.kind == "tuple" for each in items[0]):
        # A solution that is listed twice is still one; a number that is listed twice may be a double root.
        items = _distinct(items[0]), _distinct(items[1])
    if "set_of" in kinds and "tuple" not in kinds:
        items = _distinct(items[0]), _distinct(items[1])
    return _matched(*items, _same)


def _same_tuples(left, right):
    """Tuples in order; two entries in round brackets may be an interval, and then brackets count."""
    if left.kind == "matrix" and right.kind == "tuple":
        left = as_tuple(left) or left
    if right.kind == "matrix" and left.kind == "tuple":
        right = as_tuple(right) or right
    if left.kind != "tuple" or right.kind != "tuple":
        return None if "tuple" not in (left.kind, right.kind) else False
    if len(left.args) == 2 and "<>" not in (left.value, right.value) and left.value != right.value:
        if is_region(left) or {"[)", "(]"} & {left.value, right.value}:
            return False
        if symbols(left):
            return False
    return _in_order(left.args, right.args)


def _same_matrices(left, right):
    if left.kind != "matrix" or right.kind != "matrix":
        return None if "matrix" not in (left.kind, right.kind) else False
    return len(left.args) == len(right.args) and all(
        _in_order(one.args, other.args) for one, other in zip(left.args, right.args)
    )


_SETS = {"interval", "union", "intersection", "difference", "builder", "set"}


def _same_sets(left, right):
    """Sets of reals, also as inequalities."""
    kinds = {left.kind, right.kind}
    is_set = kinds & _SETS or "relation" in kinds and kinds & {"tuple", "relation", "list"}
    is_set = is_set or any(forms.is_condition(each) for each in (left, right))
    if not is_set:
        return None
    if left.kind == "set" and right.kind == "set":
        return left.value == right.value
    found = same_region(left, right)
    names = [variable(each) for each in (left, right) if each.kind == "relation"]
    if len(names) == 2 and None not in names and names[0] != names[1]:
        return False
    if found is not None:
        return found
    pair = [forms.as_interval(each) for each in (left, right)]
    if all(pair):
        return pair[0].value == pair[1].value and _in_order(pair[0].args, pair[1].args)
    if left.kind == right.kind and left.kind in ("union", "intersection", "difference"):
        return _in_order(left.args, right.args)
    return False if kinds & _SETS else None


def _same_relation(left, right):
    """Relations that are no sets of reals: equations up to a factor, chains side by side."""
    if left.kind == "congruence" or right.kind == "congruence":
        return left.kind == right.kind and _same_congruence(left, right)
    kinds = left.kind, right.kind
    if "relation" not in kinds:
        return None
    if kinds[0] != kinds[1]:
        return None if _SETS & set(kinds) or is_region(left) or is_region(right) else False
    if is_region(left) and is_region(right):
        return None
    for turned in (right, forms.turned(right)):
        if left.value == turned.value and _in_order(left.args, turned.args):
            return True
    return forms.is_multiple(left, right)


def _same_congruence(left, right):
    names = [each.args[0] for each in (left, right)]
    is_named = names[1].kind != "word"
    if is_named and names[0] != names[1] or not _same(left.args[2], right.args[2]):
        return False
    modulus = number_of(left.args[2])
    residues = [number_of(each.args[1]) for each in (left, right)]
    if all(isinstance(each, int) for each in (modulus, *residues)) and modulus:
        return (residues[0] - residues[1]) % modulus == 0
    return _same(left.args[1], right.args[1])


def same_scalar(left, right):
    """Whether two formulas with their marks (unit, percentage, degree, base) are one value."""
    if left.kind == "based" or right.kind == "based":
        return _same_based(left, right)
    if left.kind == "ratio" or right.kind == "ratio":
        return _same_ratio(left, right)
    if left.kind == "compound" or right.kind == "compound":
        return _same_compound(left, right)
    one, other = marks.marks(left), marks.marks(right)
    units = [each.unit or (("degree", 1) if each.is_degree else None) for each in (one, other)]
    if all(units) and units[0] != units[1]:
        return False
    readings = marks.readings(one, other)
    found = [same_value(*pair) for pair in readings]
    if any(found):
        return True
    if all(each is None for each in found):
        raise Undecided
    return False


def _same_based(left, right):
    """Numbers with a base: the digits, and the base where both have one."""
    bases = [each.value if each.kind == "based" else None for each in (left, right)]
    if all(bases) and bases[0] != bases[1]:
        return False
    digits = [each.args[0] if each.kind == "based" else each for each in (left, right)]
    digits = [each.args[0] if each.kind == "group digits" else each for each in digits]
    return same_scalar(*digits)


def _same_ratio(left, right):
    """Ratios up to a common factor; of two parts also as a quotient."""
    parts = [each.args if each.kind == "ratio" else None for each in (left, right)]
    if all(parts):
        if len(parts[0]) != len(parts[1]) or not any(number_of(part) != 0 for part in parts[1]):
            return False
        return all(
            same_value(
                Node("mul", (one, parts[1][0])), Node("mul", (other, parts[0][0]))
            ) for one, other in zip(*parts)
        )
    quotients = [
        Node("div", each.args) if each.kind == "ratio" and len(each.args) == 2 else each
        for each in (left, right)
    ]
    if any(each.kind == "ratio" for each in quotients):
        return False
    return same_scalar(*quotients)


def _same_compound(left, right):
    """`3 hours 30 minutes`: as one amount of the smallest unit."""
    amounts = [marks.amount(each) for each in (left, right)]
    if None in amounts:
        return False
    return amounts[0][0] == amounts[1][0] and same_number(
        amounts[0][1], amounts[1][1], has_decimal(left) or has_decimal(right)
    )
