"""The value of a tree: exact where it is rational, else to as many digits as are asked for.

Numbers are compared here and not by a library, because a verdict must not depend on a fixed absolute tolerance: `2^{-60}`
and `3^{-50}` differ. Every operation has a bound on the digits it may write.
"""

from fractions import Fraction

import mpmath

from .trees import TooLarge, walk

# Decimal digits of an exact numerator or denominator.
MOST_DIGITS = 12_000
LARGEST_FACTORIAL = 3_000
# Decimal digits of the numbers that are not rational, at first.
DIGITS = 60
GUARD_DIGITS = 20
LARGEST_ARGUMENT = 10**15
# Natural logarithm of a power, and argument of an exponential function.
LARGEST_LOGARITHM = 10**6
mpmath.mp.dps = DIGITS + GUARD_DIGITS
_BITS = int(MOST_DIGITS * 3.33)


class Undefined(Exception):
    """The tree has no value here: a division by zero, a variable without a value, a structure."""


def value(node, names=None, digits=DIGITS):
    """The value of a tree: an int, a Fraction, or an mpmath number of `digits` decimal digits.

    names: values of the variables, by name. Throws Undefined and TooLarge.
    """
    with mpmath.workdps(digits + GUARD_DIGITS):
        try:
            return _value(node, names or {})
        except (ZeroDivisionError, ValueError, mpmath.libmp.NoConvergence):
            raise Undefined from None
        except (OverflowError, mpmath.libmp.ComplexResult):
            raise TooLarge from None


def exact_digits(node):
    """Decimal digits of the longest exact part of the tree: a separation needs as many."""
    longest = 0
    for part in walk(node):
        if part.kind in ("pow", "factorial", "number", "decimal", "binomial", "function"):
            try:
                found = value(part)
            except (Undefined, TooLarge):
                continue
            if isinstance(found, (int, Fraction)):
                longest = max(longest, int(_bits(found) * 0.302))
            elif found != 0:
                longest = max(longest, int(abs(mpmath.log10(abs(found)))))
    return longest + 1


def _value(node, names):
    kind = node.kind
    if kind in ("number", "decimal", "mixed"):
        return node.value
    if kind == "symbol":
        if node.value not in names:
            raise Undefined(node.value)
        return names[node.value]
    if kind == "constant":
        return _constant(node.value)
    operation = OPERATIONS.get(kind)
    if operation is None:
        raise Undefined(kind)
    return operation(node, names)


def _constant(name):
    if name == "oo":
        return mpmath.inf
    return {"pi": +mpmath.pi, "e": +mpmath.e, "i": mpmath.mpc(0, 1)}[name]


def _bits(number):
    if isinstance(number, int):
        return number.bit_length()
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _checked(number):
    if isinstance(number, (int, Fraction)) and _bits(number) > _BITS:
        raise TooLarge
    return number


def is_exact(number):
    """Whether a value is rational and known exactly."""
    return isinstance(number, (int, Fraction))


def _inexact(number):
    if isinstance(number, Fraction):
        return mpmath.mpf(number.numerator) / number.denominator
    return mpmath.mpf(number) if isinstance(number, int) else number


def _binary(exact):
    def operation(node, names):
        left, right = (_value(part, names) for part in node.args)
        if is_exact(left) and is_exact(right):
            return _checked(exact(left, right))
        return exact(_inexact(left), _inexact(right))

    return operation


def _quotient(left, right):
    if right == 0:
        raise Undefined
    if is_exact(left) and is_exact(right):
        return _simple(Fraction(left) / right)
    return left / right


def _simple(number):
    return number.numerator if number.denominator == 1 else number


def _negative(node, names):
    return -_value(node.args[0], names)


def _power(node, names):
    base, exponent = (_value(part, names) for part in node.args)
    if is_exact(base) and isinstance(exponent, int):
        return _integer_power(base, exponent)
    if is_exact(exponent) and isinstance(exponent, Fraction) and exponent.denominator % 2:
        return _odd_root(base, exponent)
    if base == 0:
        if _real(exponent) <= 0:
            raise Undefined
        return 0
    if abs(exponent) > LARGEST_ARGUMENT:
        raise TooLarge
    base, exponent = _inexact(base), _inexact(exponent)
    if abs(exponent) * max(abs(mpmath.log(abs(base))), mpmath.mpf(1) / 1000) > LARGEST_LOGARITHM:
        raise TooLarge
    return _finite(mpmath.power(base, exponent))


def _integer_power(base, exponent):
    if base == 0 and exponent < 0:
        raise Undefined
    if base in (0, 1, -1):
        return base if exponent % 2 or base >= 0 and exponent else 1
    if _bits(base) * abs(exponent) > _BITS + abs(exponent):
        raise TooLarge
    return _simple(Fraction(base) ** exponent)


def _odd_root(base, exponent):
    """The real value of an odd root of a negative number, as `\\sqrt[3]{-8}` means it."""
    if not is_exact(base) and mpmath.im(base) != 0:
        return _finite(mpmath.power(base, _inexact(exponent)))
    if base == 0:
        if exponent < 0:
            raise Undefined
        return 0
    if abs(exponent) > LARGEST_ARGUMENT:
        raise TooLarge
    power = mpmath.power(abs(_inexact(base)), _inexact(exponent))
    return -power if base < 0 and exponent.numerator % 2 else power


def _root(node, names):
    radicand, degree = (_value(part, names) for part in node.args)
    if not isinstance(degree, int) or not 0 < degree <= 1_000:
        if degree == 0:
            raise Undefined
        return _finite(mpmath.power(_inexact(radicand), 1 / _inexact(degree)))
    if is_exact(radicand) and radicand >= 0:
        whole = _exact_root(radicand, degree)
        if whole is not None:
            return whole
    if degree % 2 and degree > 1:
        return _odd_root(radicand, Fraction(1, degree))
    return _finite(mpmath.power(_inexact(radicand), mpmath.mpf(1) / degree))


def _exact_root(number, degree):
    """The rational root of a rational number; None when it is irrational."""
    parts = []
    for part in (Fraction(number).numerator, Fraction(number).denominator):
        if part.bit_length() > 4_000:
            return None
        root = int(mpmath.libmp.isqrt(part)) if degree == 2 else _integer_root(part, degree)
        if root**degree != part:
            return None
        parts.append(root)
    return _simple(Fraction(*parts))


def _integer_root(number, degree):
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle - 1)
    return low


def _real(number):
    return number if is_exact(number) else mpmath.re(number)


def _finite(number):
    if not mpmath.isfinite(number):
        raise Undefined
    return _settled(number)


def _settled(number):
    """A complex value whose imaginary part is only rounding as a real one."""
    if isinstance(number, mpmath.mpc) and number.imag == 0:
        return number.real
    return number


def _factorial(node, names):
    number = _value(node.args[0], names)
    step = node.value
    if isinstance(number, int):
        if number < 0:
            raise Undefined
        if number > LARGEST_FACTORIAL:
            raise TooLarge
        product = 1
        for factor in range(number, 1, -step):
            product *= factor
        return _checked(product)
    if step != 1 or abs(_inexact(number)) > LARGEST_FACTORIAL:
        raise Undefined
    return _finite(mpmath.gamma(_inexact(number) + 1))


def _binomial(node, names):
    above, below = (_value(part, names) for part in node.args)
    if isinstance(above, int) and isinstance(below, int):
        if above > 50_000 or below > 50_000 or above < -50_000:
            raise TooLarge
        if below < 0:
            return 0
        product, below = 1, min(below, above - below) if above >= below >= 0 else below
        if below * max(above.bit_length(), 1) > 4 * _BITS:
            raise TooLarge
        for step in range(below):
            product = product * (above - step) // (step + 1)
        return _checked(product)
    if max(abs(_inexact(above)), abs(_inexact(below))) > LARGEST_FACTORIAL:
        raise TooLarge
    return _finite(mpmath.binomial(_inexact(above), _inexact(below)))


def _absolute(node, names):
    return abs(_value(node.args[0], names))


def _log(node, names):
    base, argument = (_inexact(_value(part, names)) for part in node.args)
    if argument == 0 or base in (0, 1):
        raise Undefined
    return _finite(mpmath.log(argument) / mpmath.log(base))


def _function(node, names):
    argument = node.args[0]
    number = _inexact(_value(argument, names))
    if not mpmath.isfinite(number):
        raise Undefined
    name = node.value
    bound = {
        "exp": LARGEST_LOGARITHM, "sinh": LARGEST_LOGARITHM, "cosh": LARGEST_LOGARITHM,
        "gamma": LARGEST_FACTORIAL,
    }.get(name, LARGEST_ARGUMENT)
    if abs(number) > bound:
        raise TooLarge
    if name in ("ln", "lg") and number == 0:
        raise Undefined
    if argument.kind == "degree":
        number = number * mpmath.pi / 180
    return _finite(_FUNCTIONS[name](number))


def _pole(function):
    """The reciprocal of a function, undefined where that is zero."""
    def reciprocal(number):
        return 1 / function(number)

    return reciprocal


_FUNCTIONS = {
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "cot": mpmath.cot,
    "sec": _pole(mpmath.cos), "csc": _pole(mpmath.sin), "sinh": mpmath.sinh,
    "cosh": mpmath.cosh, "tanh": mpmath.tanh, "coth": mpmath.coth, "asin": mpmath.asin,
    "acos": mpmath.acos, "atan": mpmath.atan, "acot": mpmath.acot, "asinh": mpmath.asinh,
    "acosh": mpmath.acosh, "atanh": mpmath.atanh, "exp": mpmath.exp, "ln": mpmath.log,
    "lg": mpmath.log10, "sign": mpmath.sign, "re": mpmath.re, "im": mpmath.im,
    "arg": mpmath.arg, "conjugate": mpmath.conj, "gamma": mpmath.gamma,
}


def _percent(node, names):
    return _quotient(_value(node.args[0], names), 100)


def _degrees(node, names):
    return _value(node.args[0], names)


def _rounded(node, names):
    """Task forms with a value: floor, ceiling, remainder, common divisors, where numbers are integers."""
    parts = [_value(part, names) for part in node.args]
    if node.value in ("floor", "ceil") and len(parts) == 1:
        number = parts[0]
        if is_exact(number):
            return number // 1 if node.value == "floor" else -(-number // 1)
        if mpmath.im(number) != 0 or abs(number) > LARGEST_ARGUMENT:
            raise Undefined
        return int(mpmath.floor(number) if node.value == "floor" else mpmath.ceil(number))
    if node.value == "mod" and len(parts) == 2 and all(map(is_exact, parts)) and parts[1]:
        return parts[0] % parts[1]
    raise Undefined


def _call(node, names):
    """The value of an undefined function: any, but the same for the same argument."""
    argument = _inexact(_value(node.args[0], names))
    seed = sum(map(ord, node.value))
    return mpmath.cos(argument * (1 + seed % 7) + seed) + argument / (3 + seed % 5)


OPERATIONS = {
    "add": _binary(lambda left, right: left + right),
    "mul": _binary(lambda left, right: left * right),
    "div": _binary(_quotient),
    "neg": _negative, "pow": _power, "root": _root, "factorial": _factorial,
    "binomial": _binomial, "abs": _absolute, "log": _log, "function": _function,
    "percent": _percent, "degree": _degrees, "task": _rounded, "call": _call,
}
