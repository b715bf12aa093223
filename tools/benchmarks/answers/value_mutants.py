"""Wrong answers whose value differs: a digit, a sign, a term, a factor, a name, an exponent.

`proved` lets a mutant pass only where our own parser and evaluator find that it differs.
"""

import re
from fractions import Fraction
from random import Random

import sympy
from answers.cases import Gold, mutant
from answers.differences import changed_somewhere, proved, spelled
from answers.evaluation import to_sympy, value
from answers.reading import Node, number
from answers.right_values import integer, is_number, names, rational

LETTERS = "abcdhklmnpqrstuvwxyz"


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


@mutant("rounded to too few digits")
def rounded(rng: Random, gold: Gold) -> str | None:
    if not is_number(gold) or "." in gold.text:
        return None
    found = value(gold.answer.parts[0])
    if found.imag != 0 or not 1e-2 < abs(found) < 1e5:
        return None
    text = f"{float(found.real):.{rng.randint(1, 4)}f}"
    distance = abs(float(text) - float(found.real))
    return text if distance > 2e-5 and distance / abs(found) > 2e-6 else None


@mutant("float of another value")
def other_float(rng: Random, gold: Gold) -> str | None:
    if not is_number(gold):
        return None
    found = value(gold.answer.parts[0])
    if found.imag != 0 or not 1e-3 < abs(found) < 1e8:
        return None
    return repr(float(found.real) * (1 + rng.choice([1, -1]) * 10 ** rng.uniform(-2.7, -0.3)))


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
