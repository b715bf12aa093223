"""Values of the formulas that reading.py reads, at fixed points of the variables."""

import zlib
from fractions import Fraction

import mpmath
import sympy
from answers.reading import Answer, Node, Unreadable

mpmath.mp.dps = 40
POINTS = 3
SAME = mpmath.mpf(10) ** -25
FUNCTIONS = {
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "cot": mpmath.cot,
    "sec": mpmath.sec,
    "csc": mpmath.csc,
    "ln": mpmath.log,
    "log": mpmath.log,
    "exp": mpmath.exp,
}
CONSTANTS = {
    "pi": mpmath.pi,
    "e": mpmath.e,
    "i": mpmath.mpc(0, 1),
    "infinity": mpmath.inf,
}
SYMPY_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "infinity": sympy.oo}


def coordinate(name: str, point: int) -> mpmath.mpf:
    """The value of the variable `name` at the given point, between 1 and 3."""
    return 1 + mpmath.mpf(zlib.crc32(f"{name}/{point}".encode()) % 1_999_993) / 999_999


def value(node: Node, point: int = 0) -> mpmath.mpc:
    """The value of a formula at a point."""
    if node.kind == "number":
        return mpmath.mpf(node.value.numerator) / node.value.denominator
    if node.kind == "constant":
        return CONSTANTS[node.value]
    if node.kind == "symbol":
        return coordinate(node.value, point)
    values = [value(part, point) for part in node.parts]
    match node.kind:
        case "sum":
            return sum(values, mpmath.mpf(0))
        case "product":
            return mpmath.fprod(values)
        case "quotient":
            return values[0] / values[1]
        case "power":
            return mpmath.power(*values)
        case "root":
            return mpmath.power(values[0], 1 / values[1])
        case "negative":
            return -values[0]
        case "function":
            return FUNCTIONS[node.value](values[0])
        case "factorial":
            return mpmath.factorial(values[0])
        case "binomial":
            return mpmath.binomial(*values)
    raise Unreadable(node.kind)


def values(node: Node) -> list[mpmath.mpc]:
    """The values of a formula at all points."""
    try:
        return [value(node, point) for point in range(POINTS)]
    except (ZeroDivisionError, ValueError, OverflowError) as error:
        raise Unreadable(str(error)) from error


def distance(left: Node, right: Node) -> mpmath.mpf:
    """The largest relative difference of two formulas over the points."""
    largest = mpmath.mpf(0)
    for one, other in zip(values(left), values(right)):
        if one == other:
            continue
        scale = max(abs(one), abs(other))
        far = mpmath.isinf(scale) or mpmath.isnan(scale)
        largest = max(largest, mpmath.inf if far else abs(one - other) / scale)
    return largest


def are_equal(left: Node, right: Node) -> bool:
    """Whether two formulas have the same values."""
    return distance(left, right) < SAME


def differ(left: Node, right: Node, margin: float = 1e-3) -> bool:
    """Whether two formulas evidently have other values."""
    return distance(left, right) > margin


def matched(left: tuple[Node, ...], right: tuple[Node, ...]) -> bool:
    """Whether two lists have equal entries, each as often, in any order."""
    rest = list(right)
    for node in left:
        found = next((other for other in rest if are_equal(node, other)), None)
        if found is None:
            return False
        rest.remove(found)
    return not rest


def in_order(left: tuple[Node, ...], right: tuple[Node, ...]) -> bool:
    """Whether two lists have equal entries in the same order."""
    return len(left) == len(right) and all(map(are_equal, left, right))


def proportional(left: Answer, right: Answer) -> bool:
    """Whether one equation is a multiple of the other."""
    sides = []
    for equation in (left, right):
        lhs, rhs = equation.parts
        sides.append(values(Node("sum", (lhs, Node("negative", (rhs,))))))
    ratios = [one / other for one, other in zip(*sides)]
    return all(abs(ratio - ratios[0]) < SAME * abs(ratio) for ratio in ratios)


def same_answer(left: Answer, right: Answer) -> bool:
    """Whether two answers of one shape are the same; units and labels must agree."""
    if left.shape != right.shape or left.unit != right.unit:
        return False
    if left.shape in ("choice", "text", "based"):
        return (left.label, left.base) == (right.label, right.base)
    if left.shape == "equation":
        return proportional(left, right)
    if left.shape in ("list", "set"):
        return matched(left.parts, right.parts)
    marks = left.rows == right.rows and left.intervals == right.intervals
    return marks and left.label == right.label and in_order(left.parts, right.parts)


def to_sympy(node: Node) -> sympy.Expr:
    """The formula as sympy's object, with sympy's own simplifications."""
    if node.kind == "number":
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if node.kind == "constant":
        return SYMPY_CONSTANTS[node.value]
    if node.kind == "symbol":
        return sympy.Symbol(node.value)
    parts = [to_sympy(part) for part in node.parts]
    match node.kind:
        case "sum":
            return sympy.Add(*parts)
        case "product":
            return sympy.Mul(*parts)
        case "quotient":
            return parts[0] / parts[1]
        case "power":
            return parts[0] ** parts[1]
        case "root":
            return sympy.root(*parts)
        case "negative":
            return -parts[0]
        case "function":
            return getattr(sympy, node.value)(parts[0])
        case "factorial":
            return sympy.factorial(parts[0], evaluate=False)
        case "binomial":
            return sympy.binomial(*parts, evaluate=False)
    raise Unreadable(node.kind)


def exact(node: Node) -> Fraction | None:
    """The value of a formula that is a rational number; None for any other."""
    if any(part.kind in ("symbol", "factorial", "binomial") for part in walk(node)):
        return None
    found = to_sympy(node)
    return Fraction(int(found.p), int(found.q)) if found.is_Rational else None


def walk(node: Node) -> list[Node]:
    """The node and all nodes below it."""
    return [node] + [below for part in node.parts for below in walk(part)]


def symbols(node: Node) -> list[str]:
    """The variables of a formula in the order of the alphabet."""
    return sorted({part.value for part in walk(node) if part.kind == "symbol"})
