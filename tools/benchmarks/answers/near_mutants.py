"""Wrong answers that are near the value, tiny, or differ in a residue or a time."""

import re
from random import Random

from answers.cases import Case, Gold, mutant
from answers.evaluation import value
from answers.golds import integer, plain_number, rational, residue_class


@mutant("near the value")
def near(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None or re.search(r"[-+.,]", text) or not value(gold.answer.parts[0]):
        return None
    tiny = rng.choice(
        [
            "10^{-9}",
            "10^{-12}",
            "2^{-60}",
            "e^{-40}",
            "\\frac{1}{2024!}",
            "\\frac{1}{10^{10}}",
            "\\frac{1}{1000000007}",
            "3^{-50}",
            "\\frac{1}{50!}",
            "\\frac{1}{987654321987}",
        ]
    )
    joint = rng.choice(["@ + #", "@ - #", "@(1 - #)", "@(1 + #)", "# + @"])
    return joint.replace("@", text).replace("#", tiny)


@mutant("quotient near the value")
def near_quotient(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    # A decimal may have been rounded.
    if not found or "." in gold.text:
        return None
    scale = 10 ** rng.randint(9, 14) + rng.randint(1, 999)
    above, below = found.numerator * scale + rng.choice([-1, 1]), found.denominator * scale
    return rng.choice([f"\\frac{{{above}}}{{{below}}}", f"{above}/{below}"])


@mutant("tiny or near values of one form")
def tiny_pair(rng: Random, gold: Gold) -> Case | None:
    whole = integer(gold)
    if whole is None or not 30 <= whole <= 1500:
        return None
    other = whole + rng.choice([-1, 1, 2, -2])
    style = rng.choice(
        [
            "2^{-@}",
            "\\frac{1}{2^{@}}",
            "e^{-@}",
            "\\frac{1}{@!}",
            "1 - \\frac{1}{@!}",
            "1 + 2^{-@}",
            "1.@ \\times 10^{-34}",
            "\\frac{1}{10^{@}}",
            "2 - e^{-@}",
            "\\frac{@}{10^{20}}",
            "3^{-@}",
            "10^{-@}",
        ]
    )
    given = style.replace("@", str(other))
    if rng.random() < 0.2 and not style.startswith(("1 ", "2 -")):
        given = rng.choice(["0", "0.0"])
    return Case(given, gold=style.replace("@", str(whole)))


@mutant("congruence with another residue")
def congruence(rng: Random, gold: Gold) -> Case | None:
    found = residue_class(rng, gold)
    if found is None:
        return None
    residue, modulus = found
    other = (residue + rng.randint(1, modulus - 1)) % modulus
    given = rng.choice(
        [
            f"x \\equiv {other} \\pmod {{{modulus}}}",
            f"x \\equiv {other} \\pmod{{{modulus}}}",
            f"x \\equiv {residue} \\pmod{{{modulus + 1}}}",
            f"{other} \\pmod{{{modulus}}}",
            f"x \\equiv {other}",
        ]
    )
    return Case(given, gold=f"x \\equiv {residue} \\pmod{{{modulus}}}")


@mutant("another time")
def time(rng: Random, gold: Gold) -> Case | None:
    whole = integer(gold)
    if whole is None or not 1 <= whole <= 48:
        return None
    minute = rng.randint(1, 58)
    late = minute + 1
    other = whole + 1
    pairs = [
        ("#\\text{ hours }@\\text{ minutes}", "#\\text{ hours }&\\text{ minutes}"),
        ("#\\text{ hours and }@\\text{ minutes}", "#\\text{ hours }&\\text{ minutes}"),
        ("#\\text{ feet }@\\text{ inches}", "+\\text{ feet }@\\text{ inches}"),
        ("#\\text{ hours }@\\text{ minutes}", "#\\text{ hours}"),
        ("#\\text{ feet }@\\text{ inches}", "#\\text{ feet }&\\text{ inches}"),
    ]
    if whole <= 12:
        pairs += [
            ("#:30 \\text{ AM}", "#:30 \\text{ PM}"),
            ("#\\text{ PM}", "#\\text{ AM}"),
            (
                "#:@ \\text{ p.m.}".replace("@", f"{minute:02}"),
                "#:@ \\text{ p.m.}".replace("@", f"{late:02}"),
            ),
        ]
    expected, given = (
        text.replace("#", str(whole))
        .replace("+", str(other))
        .replace("@", str(minute))
        .replace("&", str(late))
        for text in rng.choice(pairs)
    )
    return Case(given, gold=expected)
