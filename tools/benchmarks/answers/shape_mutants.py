"""Wrong answers: brackets, entries, order, names, units, bases and equations changed."""

from dataclasses import replace
from random import Random

from answers.cases import Case, Gold, mutant
from answers.differences import different, spelled, unit_spelled
from answers.evaluation import differ, proportional, value
from answers.golds import names, sympy_object
from answers.reading import Answer, Node, number
from answers.spelling import answer_latex, latex

LESS_EQUAL, GREATER_EQUAL, NOT_EQUAL = "\\le", "\\ge", "\\ne"
UNITS = {
    "cm": ("m", "mm", "km", "inches", "feet"),
    "inches": ("feet", "cm", "yards", "miles"),
    "cents": ("dollars",),
    "dollar": ("cents",),
    "degree": ("radians",),
    "feet": ("inches", "meters", "miles"),
    "hours": ("minutes", "days", "seconds"),
    "minutes": ("hours", "seconds"),
    "kg": ("g", "mg", "pounds"),
    "m": ("km", "cm"),
    "days": ("weeks", "hours"),
}


@mutant("open for closed bracket")
def bracket(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("interval", "union"):
        return None
    places = []
    for index in range(len(gold.answer.intervals)):
        ends = gold.answer.parts[2 * index : 2 * index + 2]
        places += [(index, side) for side in (0, 1) if "\\infty" not in latex(ends[side])]
    index, side = rng.choice(places)
    marks = list(gold.answer.intervals)
    other = {"(": "[", "[": "(", ")": "]", "]": ")"}[marks[index][side]]
    marks[index] = other + marks[index][1] if side == 0 else marks[index][0] + other
    changed = replace(gold.answer, intervals=tuple(marks))
    return str(sympy_object(changed)) if rng.random() < 0.4 else answer_latex(changed)


@mutant("interval dropped or joined")
def interval_dropped(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape != "union":
        return None
    index = rng.randrange(len(found.intervals))
    one = replace(
        found,
        shape="interval",
        parts=found.parts[2 * index : 2 * index + 2],
        intervals=found.intervals[index : index + 1],
    )
    whole = replace(one, parts=(found.parts[0], found.parts[-1]))
    return answer_latex(rng.choice([one, one, whole]))


@mutant("relation with another sign")
def other_relation(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape != "interval":
        return None
    low, high = (latex(part) for part in found.parts)
    below, above = (mark in "()" for mark in found.intervals[0])
    if "\\infty" in high:
        return (
            f"x {rng.choice([GREATER_EQUAL if below else '>', '<', LESS_EQUAL, NOT_EQUAL])} {low}"
        )
    if "\\infty" in low:
        return (
            f"x {rng.choice([LESS_EQUAL if above else '<', '>', GREATER_EQUAL, NOT_EQUAL])} {high}"
        )
    return f"{low} {LESS_EQUAL if below else '<'} x {LESS_EQUAL if above else '<'} {high}"


@mutant("entry changed")
def entry(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("list", "set", "tuple", "matrix", "interval", "union"):
        return None
    parts = list(gold.answer.parts)
    index = rng.randrange(len(parts))
    if "\\infty" in latex(parts[index]):
        return None
    parts[index] = Node("sum", (parts[index], number(rng.choice([-2, -1, 1, 2, 3]))))
    if gold.answer.shape in ("interval", "union"):
        for low, high in zip(parts[::2], parts[1::2]):
            if not value(low).real < value(high).real:
                return None
    return spelled(rng, gold, tuple(parts))


@mutant("entry dropped, repeated or added")
def entry_count(rng: Random, gold: Gold) -> str | None:
    shape = gold.answer.shape
    if shape not in ("list", "set", "tuple"):
        return None
    parts = list(gold.answer.parts)
    one = rng.choice(parts)
    ways = ["added", "dropped"] + (["repeated"] if shape != "set" else [])
    way = rng.choice(ways)
    if way == "dropped":
        parts.remove(one)
    else:
        parts.insert(
            rng.randrange(len(parts) + 1),
            one if way == "repeated" else number(rng.randint(100, 999)),
        )
    return spelled(rng, gold, tuple(parts)) if len(parts) > 1 else latex(parts[0])


@mutant("multiset with other repetitions")
def repetitions(rng: Random, gold: Gold) -> Case | None:
    if gold.answer.shape != "list":
        return None
    one, two = [latex(part) for part in gold.answer.parts][:2]
    expected = [one, one, two]
    given = rng.choice([[one, two, two], [one, two], [one, one, one, two], [one, one, two, two]])
    rng.shuffle(given)
    return Case(", ".join(given), gold=", ".join(expected))


@mutant("tuple permuted")
def permuted(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("tuple", "matrix"):
        return None
    parts = list(gold.answer.parts)
    rng.shuffle(parts)
    if gold.answer.shape == "tuple" and rng.random() < 0.3:
        changed = replace(gold.answer, parts=tuple(parts))
        return ", ".join(map(latex, parts)) if different(gold.answer, changed) else None
    return spelled(rng, gold, tuple(parts))


@mutant("names exchanged")
def names_exchanged(rng: Random, gold: Gold) -> Case | None:
    if gold.answer.shape not in ("tuple", "list") or len(gold.answer.parts) != 2:
        return None
    one, two = gold.answer.parts
    if not differ(one, two):
        return None
    first, second = latex(one), latex(two)
    expected = f"x={first},y={second}"
    given = rng.choice(
        [
            f"{second},{first}",
            f"({second},{first})",
            f"x={second},y={first}",
            f"y={first},x={second}",
            f"x = {second}, y = {first}",
            f"x={first}",
            f"(x,y)=({second},{first})",
        ]
    )
    return Case(given, gold=expected)


@mutant("unit of another size")
def other_unit(rng: Random, gold: Gold) -> str | None:
    base, _, power = gold.answer.unit.partition("^")
    if base not in UNITS:
        return None
    amount = latex(gold.answer.parts[0])
    if not value(gold.answer.parts[0]):
        return None
    others = [f"{name}^{power}" if power else name for name in UNITS[base]]
    if power:
        others.append(f"{base}^{'3' if power == '2' else '2'}")
    return unit_spelled(amount, rng.choice(others))


@mutant("amount with the unit changed")
def other_amount(rng: Random, gold: Gold) -> str | None:
    if not gold.answer.unit:
        return None
    step = number(rng.choice([-3, -2, -1, 1, 2, 5, 10]))
    return spelled(rng, gold, (Node("sum", (gold.answer.parts[0], step)),))


@mutant("base changed")
def base(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "based":
        return None
    others = [each for each in range(2, 17) if each != gold.answer.base]
    return f"{gold.answer.label}_{{{rng.choice(others)}}}"


@mutant("equation changed")
def equation(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape not in ("equation", "assignment") or not names(gold):
        return None
    left, right = (
        found.parts
        if found.shape == "equation"
        else (Node("symbol", (), found.label), found.parts[0])
    )
    step = number(rng.choice([-3, -2, -1, 1, 2, 3, 4]))
    factor = number(rng.choice([2, 3, -1]))
    scaled = Node("sum", (Node("product", (factor, right)), number(1)))
    changed = (left, rng.choice([Node("sum", (right, step)), scaled]))
    both = [Answer("equation", sides) for sides in ((left, right), changed)]
    if proportional(*both):
        return None
    return f"{latex(changed[0])} = {latex(changed[1])}"
