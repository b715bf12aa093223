"""Wrong answers whose value differs: a digit, a sign, a term, a name, an exponent, a bracket, an entry.

`proved` lets a mutant pass only where our own parser and evaluator find that it differs.
"""

import re
from dataclasses import replace
from fractions import Fraction
from random import Random

import sympy
from answers.cases import Case, Gold, mutant
from answers.evaluation import are_equal, differ, matched, proportional, symbols, to_sympy, value
from answers.reading import Answer, Node, Unreadable, answer, number
from answers.right_values import integer, is_number, names, rational, sympy_object
from answers.spelling import answer_latex, latex

LESS_EQUAL, GREATER_EQUAL, NOT_EQUAL = "\\le", "\\ge", "\\ne"
LETTERS = "abcdhklmnpqrstuvwxyz"
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


def changed_somewhere(rng: Random, gold: Gold, change) -> str | None:
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


@mutant("digit changed")
def digit(rng: Random, gold: Gold) -> str | None:
    where = [match.start() for match in re.finditer(r"\d", gold.text)]
    if not where or gold.answer.shape == "text":
        return None
    position = rng.choice(where)
    new = rng.choice([each for each in "0123456789" if each != gold.text[position]])
    return proved(gold, gold.text[:position] + new + gold.text[position + 1 :])


@mutant("digits exchanged, dropped or repeated")
def digits(rng: Random, gold: Gold) -> str | None:
    where = [match.start() for match in re.finditer(r"\d(?=\d)", gold.text)]
    if not where:
        return None
    at = rng.choice(where)
    first, second = gold.text[at], gold.text[at + 1]
    new = rng.choice([second + first, first, second, first + second + second])
    return proved(gold, gold.text[:at] + new + gold.text[at + 2 :])


@mutant("sign flipped")
def sign(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape == "matrix" or rng.random() < 0.5:

        def flipped(node: Node) -> Node | None:
            if node.kind in ("number", "product", "root", "quotient", "symbol", "constant"):
                return None if node.value == "infinity" else Node("negative", (node,))
            return node.parts[0] if node.kind == "negative" else None

        return changed_somewhere(rng, gold, flipped)
    where = [match.start() for match in re.finditer(r"[-+]", gold.text)]
    if not where:
        return proved(gold, "-" + gold.text) if gold.answer.shape == "scalar" else None
    at = rng.choice(where)
    other = "+" if gold.text[at] == "-" else "-"
    return proved(gold, gold.text[:at] + other + gold.text[at + 1 :])


@mutant("term dropped")
def term_dropped(rng: Random, gold: Gold) -> str | None:

    def shorter(node: Node) -> Node | None:
        if node.kind != "sum":
            return None
        left = list(node.parts)
        del left[rng.randrange(len(left))]
        return left[0] if len(left) == 1 else Node("sum", tuple(left))

    return changed_somewhere(rng, gold, shorter)


@mutant("factor dropped")
def factor_dropped(rng: Random, gold: Gold) -> str | None:

    def shorter(node: Node) -> Node | None:
        if node.kind == "product":
            left = list(node.parts)
            del left[rng.randrange(len(left))]
            return left[0] if len(left) == 1 else Node("product", tuple(left))
        if node.kind in ("root", "power", "quotient"):
            return node.parts[0]
        return None

    return changed_somewhere(rng, gold, shorter)


@mutant("term added")
def term_added(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("scalar", "list", "tuple", "assignment", "set", "matrix"):
        return None
    index = rng.randrange(len(gold.answer.parts))
    used = names(gold)
    extra = [
        number(rng.randint(1, 9)),
        Node("root", (number(rng.choice([2, 3, 5, 7])), number(2))),
        Node("constant", (), "pi"),
    ]
    if used:
        extra += [Node("symbol", (), rng.choice(used))] * 2
    term = rng.choice(extra)
    if rng.random() < 0.5:
        term = Node("negative", (term,))
    parts = list(gold.answer.parts)
    parts[index] = Node("sum", (parts[index], term))
    return spelled(rng, gold, tuple(parts))


@mutant("factor added")
def factor_added(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("scalar", "assignment", "tuple"):
        return None
    index = rng.randrange(len(gold.answer.parts))
    part = gold.answer.parts[index]
    factor = rng.choice(
        [
            number(2),
            number(3),
            number(10),
            number(Fraction(1, 2)),
            Node("constant", (), "pi"),
            Node("root", (number(2), number(2))),
            Node("root", (number(3), number(2))),
        ]
    )
    numeric = part.kind == "number" and factor.kind == "number"
    new = number(part.value * factor.value) if numeric else Node("product", (factor, part))
    if factor.kind == "number" and factor.value.denominator > 1 and not numeric:
        new = Node("quotient", (part, number(2)))
    parts = list(gold.answer.parts)
    parts[index] = new
    return spelled(rng, gold, tuple(parts))


@mutant("variable renamed")
def renamed(rng: Random, gold: Gold) -> str | None:
    used = names(gold)
    if not used or gold.answer.shape not in ("scalar", "assignment", "equation"):
        return None
    taken = {name.lower() for name in used} | {gold.answer.label.lower()}
    old, new = rng.choice(used), rng.choice([letter for letter in LETTERS if letter not in taken])

    def substituted(node: Node) -> Node:
        is_old = node.kind == "symbol" and node.value == old
        parts = tuple(substituted(part) for part in node.parts)
        return Node(node.kind, parts, new if is_old else node.value)

    return spelled(rng, gold, tuple(substituted(part) for part in gold.answer.parts))


@mutant("variables exchanged or one replaced")
def variable_replaced(rng: Random, gold: Gold) -> str | None:
    used = names(gold)
    if not used:
        return None

    def other(node: Node) -> Node | None:
        if node.kind != "symbol":
            return None
        rest = [name for name in used if name != node.value]
        if rest and rng.random() < 0.7:
            return Node("symbol", (), rng.choice(rest))
        return number(rng.randint(1, 3))

    return changed_somewhere(rng, gold, other)


@mutant("exponent changed")
def exponent(rng: Random, gold: Gold) -> str | None:

    def other(node: Node) -> Node | None:
        if node.kind == "power" and node.parts[1].kind == "number":
            step = rng.choice([-1, 1, 2])
            return Node("power", (node.parts[0], number(node.parts[1].value + step)))
        if node.kind in ("symbol", "root"):
            return Node("power", (node, number(rng.choice([2, 3]))))
        return None

    return changed_somewhere(rng, gold, other)


@mutant("exponent added to a number")
def number_raised(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or abs(whole) < 2 or len(str(whole)) > 4:
        return None
    power = rng.choice([2, 3])
    return f"{whole}^{power}" if whole > 0 else f"({whole})^{power}"


@mutant("reciprocal")
def reciprocal(rng: Random, gold: Gold) -> str | None:

    def turned(node: Node) -> Node | None:
        return Node("quotient", node.parts[::-1]) if node.kind == "quotient" else None

    return changed_somewhere(rng, gold, turned)


@mutant("decimal point moved")
def decimal_point(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if not found:
        return None
    moved = found * rng.choice([10, Fraction(1, 10), 1000, Fraction(1, 1000)])
    text = f"{float(moved):.12g}"
    return proved(gold, text) if "e" not in text else None


@mutant("float of another value")
def other_float(rng: Random, gold: Gold) -> str | None:
    if not is_number(gold):
        return None
    found = value(gold.answer.parts[0])
    if found.imag != 0 or not 1e-3 < abs(found) < 1e8:
        return None
    return repr(float(found.real) * (1 + rng.choice([1, -1]) * 10 ** rng.uniform(-2.7, -0.3)))


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


@mutant("other polynomial")
def other_polynomial(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "scalar" or not names(gold) or gold.answer.unit:
        return None
    expression = to_sympy(gold.answer.parts[0])
    name = sympy.Symbol(rng.choice(names(gold)))
    changed = rng.choice(
        [
            lambda: sympy.diff(expression, name),
            lambda: expression.subs(name, name + 1),
            lambda: expression.subs(name, -name),
            lambda: expression.subs(name, 2 * name),
            lambda: expression**2,
            lambda: 1 / expression,
            lambda: expression.subs(name, name**2),
            lambda: sympy.expand(expression * name),
        ]
    )()
    probe = {
        symbol: sympy.Rational(17, 13) + index
        for index, symbol in enumerate(sorted(expression.free_symbols, key=str))
    }
    if abs(sympy.N((expression - changed).subs(probe))) < 1e-3:
        return None
    return rng.choice([sympy.latex, str])(changed)
