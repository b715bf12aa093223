"""What kind of answer is expected, and checks of another spelling of it."""

from fractions import Fraction
from random import Random

import sympy
from answers.cases import Gold
from answers.evaluation import exact, same_answer, symbols, to_sympy
from answers.reading import Answer, Node, Unreadable, answer


def checked(gold: Gold, text: str) -> str | None:
    """`text` where our own parser reads the expected answer in it; None for the old text."""
    if text == gold.text:
        return None
    is_interval = gold.answer.shape in ("interval", "union")
    if not same_answer(answer(text, is_interval), gold.answer):
        raise Unreadable(f"{text} is not {gold.text}")
    return text


def is_number(gold: Gold) -> bool:
    """Whether a plain number without a unit is expected."""
    return gold.answer.shape == "scalar" and not gold.answer.unit and not names(gold)


def names(gold: Gold) -> list[str]:
    """The variables of the expected answer."""
    return sorted({name for part in gold.answer.parts for name in symbols(part)})


def rational(gold: Gold) -> Fraction | None:
    """The expected number where it is rational and has no unit."""
    return exact(gold.answer.parts[0]) if is_number(gold) else None


def integer(gold: Gold) -> int | None:
    """The expected number where it is an integer and has no unit."""
    found = rational(gold)
    return found.numerator if found is not None and found.denominator == 1 else None


def decimal(found: Fraction, digits: int = 6) -> str | None:
    """The decimal of a rational number that has at most `digits` digits behind the point."""
    scaled = found * 10**digits
    if scaled.denominator != 1:
        return None
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled.numerator), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")


def with_parts(old: Answer, parts: tuple[Node, ...]) -> Answer:
    """The answer with other entries."""
    return Answer(old.shape, parts, old.rows, old.intervals, old.label, old.unit, old.base)


def sympy_object(found: Answer) -> object:
    """What a program would hold as its result."""
    parts = [to_sympy(part) for part in found.parts]
    match found.shape:
        case "scalar" | "assignment":
            return parts[0]
        case "list":
            return parts
        case "set":
            return sympy.FiniteSet(*parts)
        case "tuple":
            return tuple(parts)
        case "equation":
            return sympy.Eq(*parts)
        case "matrix":
            return sympy.Matrix(found.rows, len(parts) // found.rows, parts)
        case "interval" | "union":
            pieces = [
                sympy.Interval(
                    parts[2 * index], parts[2 * index + 1], marks[0] == "(", marks[1] == ")"
                )
                for index, marks in enumerate(found.intervals)
            ]
            return sympy.Union(*pieces)
    raise Unreadable(found.shape)


def plain_number(gold: Gold) -> str | None:
    """The expected text where it is a number without a unit."""
    return gold.text if is_number(gold) and "!" not in gold.text else None


def residue_class(rng: Random, gold: Gold) -> tuple[int, int] | None:
    """The residue of the expected integer for some modulus, with that modulus."""
    whole = integer(gold)
    if whole is None or not 0 <= whole < 10**6:
        return None
    modulus = rng.randint(3, 40)
    return whole % modulus, modulus
