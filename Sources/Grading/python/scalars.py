"""Whether two formulas have one value: numbers by their digits, expressions by their values at points."""

import hashlib
from fractions import Fraction

import mpmath

from .answers import has_constant, renamed
from .trees import Node, TooLarge, has_decimal, symbols, walk
from .values import Undefined, exact_digits, is_exact, value

# A decimal answers an exact value that it rounds, to six decimals and six significant digits.
DECIMALS = mpmath.mpf("5e-7")
SIGNIFICANT = mpmath.mpf("5e-6")
# A float that rounds to zero answers zero.
ZERO = mpmath.mpf("1e-12")
# Digits to which values that were written exactly must agree.
AGREED_DIGITS = 45
# Two written values of a few terms that agree to so many digits, beside the digits of their parts, are equal.
SEPARATION_DIGITS = 150
MOST_AGREED_DIGITS = 12_000
POINTS = 14
FEWEST_POINTS = 3


def same_number(expected, given, is_decimal):
    """Whether two values are equal; is_decimal: whether either was written with a point."""
    if is_exact(expected) and is_exact(given) and not is_decimal:
        return expected == given
    expected, given = _complex(expected), _complex(given)
    if is_decimal:
        pairs = zip(_parts(expected), _parts(given))
        return all(_rounds(one, other) for one, other in pairs)
    if expected == given:
        return True
    if mpmath.isinf(expected) or mpmath.isinf(given):
        return False
    difference = abs(expected - given)
    return difference <= max(abs(expected), abs(given)) * mpmath.mpf(10) ** -AGREED_DIGITS


def _complex(number):
    if is_exact(number):
        fraction = Fraction(number)
        number = mpmath.mpf(fraction.numerator) / fraction.denominator
    return mpmath.mpc(number)


def _parts(number):
    """The real and the imaginary part; one that is only rounding of the whole is zero."""
    least = abs(number) * mpmath.mpf(10) ** -AGREED_DIGITS
    return [mpmath.mpf(0) if abs(part) < least else part for part in (number.real, number.imag)]


def _rounds(expected, given):
    """Whether one of two reals is the other, rounded to six decimals and six significant digits."""
    if mpmath.isinf(expected) or mpmath.isinf(given):
        return expected == given
    if expected == given:
        return True
    if expected == 0:
        return abs(given) < ZERO
    if given == 0:
        return False
    leading = mpmath.mpf(10) ** mpmath.floor(mpmath.log10(abs(expected)))
    slack = 1 + mpmath.mpf("1e-9")
    return abs(expected - given) <= min(DECIMALS, leading * SIGNIFICANT) * slack


def same_value(expected, given):
    """Whether two scalar trees have one value; None where no value can tell.

    Throws TooLarge.
    """
    expected, given = with_constants(expected, given)
    names = symbols(expected) | symbols(given)
    calls = {part.value for tree in (expected, given) for part in walk(tree) if part.kind == "call"}
    if not names - calls:
        return _same_constants(expected, given)
    if symbols(expected) != symbols(given) and not _depends_alike(expected, given):
        return False
    return _same_at_points(expected, given, sorted(names - calls))


def with_constants(expected, given):
    """Both trees with Python's `I`, `E` and `j` as constants, unless the other has them as variables."""
    pair = [expected, given]
    for index, other in ((0, 1), (1, 0)):
        names = {
            name: constant
            for name, constant in (("I", "i"), ("E", "e"), ("j", "i"))
            if name in symbols(pair[index]) and name not in symbols(pair[other])
            and (name == "I" or has_constant(pair[other], constant) or name == "E" and _has_exp(pair[other]))
        }
        if names:
            pair[index] = renamed(pair[index], names)
    return pair


def _has_exp(tree):
    return any(part.kind == "function" and part.value == "exp" for part in walk(tree))


def _depends_alike(expected, given):
    """Whether the difference in variables may only be one of spelling, as in `x - x + 1`."""
    return len(symbols(expected) ^ symbols(given)) <= 2


def _same_constants(expected, given):
    is_decimal = has_decimal(expected) or has_decimal(given)
    try:
        pair = value(expected), value(given)
        if 0 in pair and not is_decimal and not all(map(is_exact, pair)):
            return all(_is_zero(tree) for tree in (expected, given))
        if not same_number(*pair, is_decimal):
            return False
        if is_decimal or all(map(is_exact, pair)) or mpmath.isinf(_complex(pair[0])):
            return True
        # Values that agree may still differ beyond these digits: `\\sqrt{2} - 1/2024!`.
        digits = SEPARATION_DIGITS + exact_digits(expected) + exact_digits(given)
        if digits > MOST_AGREED_DIGITS:
            raise TooLarge
        pair = value(expected, digits=digits + AGREED_DIGITS), value(given, digits=digits + AGREED_DIGITS)
        with mpmath.workdps(digits + AGREED_DIGITS):
            left, right = map(_complex, pair)
            bound = mpmath.mpf(10) ** -(digits + AGREED_DIGITS // 2)
            return abs(left - right) <= max(abs(left), abs(right)) * bound
    except Undefined:
        return None


def _is_zero(tree):
    """Whether a value is zero: with more digits rounding becomes another number, and a value stays."""
    first, second = value(tree), value(tree, digits=4 * AGREED_DIGITS)
    if is_exact(first):
        return first == 0
    first, second = _complex(first), _complex(second)
    return abs(first - second) > abs(second) * mpmath.mpf("1e-9") or second == 0


def points(names, integers):
    """Values of the variables at several points: fixed ones, so that a verdict is always the same."""
    for index in range(POINTS):
        point = {}
        for name in names:
            digest = hashlib.sha256(f"{name} {index}".encode()).digest()
            if name in integers:
                point[name] = 2 + digest[0] % (9 if index % 2 else 90)
            else:
                size = Fraction(200 + digest[0] + 256 * (digest[1] % 8), 601 + digest[2])
                # Far away and near zero: what vanishes here is seen there.
                size *= {3: 40, 5: 40, 6: Fraction(1, 90), 9: 700, 11: 700}.get(index, 1)
                # A third of the points lie on the negative side, where roots and logarithms part.
                is_negative = index in (5, 11) or index % 3 == 2 and digest[3] % 2
                point[name] = -size if is_negative else size
        yield point


def integer_variables(tree):
    """Variables that count: in factorials, binomials, indices, and exponents of negative numbers."""
    found = set()
    for part in walk(tree):
        if part.kind in ("factorial", "binomial"):
            found |= symbols(part)
        elif part.kind == "pow" and _is_negative(part.args[0]):
            found |= symbols(part.args[1])
    return found


def _is_negative(tree):
    return tree.kind == "neg" or tree.kind == "group" and _is_negative(tree.args[0])


def _same_at_points(expected, given, names):
    """Whether both have one value at every point where both are real; at all points if too few are real."""
    is_decimal = has_decimal(expected) or has_decimal(given)
    integers = integer_variables(expected) | integer_variables(given)
    real = compared = 0
    digits = min(exact_digits(expected) + exact_digits(given), MOST_AGREED_DIGITS)
    digits += SEPARATION_DIGITS
    complex_agree = True
    for point in points(names, integers):
        try:
            pair = value(expected, point, digits), value(given, point, digits)
        except (Undefined, TooLarge):
            continue
        agree = agrees(*pair, digits) or is_decimal and _nearly(*pair)
        compared += 1
        if all(map(_is_real, pair)):
            real += 1
            if not agree:
                return False
        complex_agree = complex_agree and agree
    if real >= FEWEST_POINTS:
        return True
    return complex_agree if compared >= FEWEST_POINTS else None


def agrees(expected, given, digits):
    """Whether two values are one, as far as this many digits tell."""
    if is_exact(expected) and is_exact(given):
        return expected == given
    with mpmath.workdps(digits + AGREED_DIGITS):
        left, right = _complex(expected), _complex(given)
        if mpmath.isinf(left) or mpmath.isinf(right):
            return left == right
        bound = mpmath.mpf(10) ** -(digits - AGREED_DIGITS // 2)
        return abs(left - right) <= max(abs(left), abs(right)) * bound


def _nearly(expected, given):
    expected, given = _complex(expected), _complex(given)
    return abs(expected - given) <= max(abs(expected), abs(given)) * mpmath.mpf("1e-6")


def _is_real(number):
    return is_exact(number) or mpmath.im(number) == 0


def number_of(tree):
    """The value of a tree without variables; None when it has none."""
    try:
        return value(tree)
    except (Undefined, TooLarge):
        return None
