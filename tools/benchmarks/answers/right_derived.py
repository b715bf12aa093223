"""Right answers to expected answers that are made from those of the benchmarks.

Congruences, times, ratios, assignments, lists with repetitions, tiny values, percentages: kinds
that other data sets have and the benchmarks lack.
"""

import re
from random import Random

from answers.cases import Case, Gold, right
from answers.evaluation import differ
from answers.golds import decimal, integer, rational, residue_class
from answers.spelling import latex


@right("congruence spelled otherwise")
def congruence(rng: Random, gold: Gold) -> Case | None:
    found = residue_class(rng, gold)
    if found is None:
        return None
    residue, modulus = found
    given = rng.choice(
        [
            f"x \\equiv {residue} \\pmod {modulus}",
            f"x \\equiv {residue} \\pmod{{{modulus}}}",
            f"x\\equiv{residue}\\pmod{{{modulus}}}",
            f"x \\equiv {residue} \\, (\\bmod {modulus})",
            f"x \\equiv {residue} \\mod {modulus}",
        ]
    )
    return Case(given, gold=f"x \\equiv {residue} \\pmod{{{modulus}}}")


@right("time spelled otherwise")
def time(rng: Random, gold: Gold) -> Case | None:
    whole = integer(gold)
    if whole is None or not 2 <= whole <= 48:
        return None
    minutes = rng.randint(2, 59)
    expected = f"{whole}\\text{{ hours }}{minutes}\\text{{ minutes}}"
    given = rng.choice(
        [
            f"{whole} \\text{{ hours }} {minutes} \\text{{ minutes}}",
            f"{whole}\\text{{ hours and }}{minutes}\\text{{ minutes}}",
            f"{whole} \\text{{ hours and }} {minutes} \\text{{ minutes}}",
            f"\\text{{{whole} hours {minutes} minutes}}",
            f"{whole}\\,\\text{{hours}}\\ {minutes}\\,\\text{{minutes}}",
        ]
    )
    return Case(given, gold=expected)


@right("ratio spelled otherwise")
def ratio(rng: Random, gold: Gold) -> Case | None:
    found = rational(gold)
    if found is None or found.denominator == 1 or found < 0:
        return None
    above, below = found.numerator, found.denominator
    given = rng.choice(
        [
            f"{above} : {below}",
            f"{above} \\text{{ to }} {below}",
            f"{above}\\text{{ to }}{below}",
            f"{above}\\!:\\!{below}",
            f"{above}\\colon {below}",
            f"\\frac{{{above}}}{{{below}}}",
        ]
    )
    return Case(given, gold=f"{above}:{below}")


@right("assignments reordered")
def assignments(rng: Random, gold: Gold) -> Case | None:
    if gold.answer.shape not in ("tuple", "list") or len(gold.answer.parts) != 2:
        return None
    one, two = gold.answer.parts
    if not differ(one, two):
        return None
    first, second = latex(one), latex(two)
    given = rng.choice(
        [
            f"y={second},x={first}",
            f"x = {first}, y = {second}",
            f"x = {first} \\text{{ and }} y = {second}",
            f"x = {first},\\; y = {second}",
            f"y = {second}, \\quad x = {first}",
            f"(x, y) = ({first}, {second})",
        ]
    )
    return Case(given, gold=f"x={first},y={second}")


@right("multiset reordered")
def multiset(rng: Random, gold: Gold) -> Case | None:
    if gold.answer.shape != "list":
        return None
    one, two = [latex(part) for part in gold.answer.parts][:2]
    given = [one, one, two]
    rng.shuffle(given)
    return Case(rng.choice([", ", ",", ",\\ "]).join(given), gold=f"{one}, {one}, {two}")


@right("tiny value written otherwise")
def tiny(rng: Random, gold: Gold) -> Case | None:
    whole = integer(gold)
    if whole is None or not 20 <= whole <= 300:
        return None
    expected, given = rng.choice(
        [
            ("2^{-@}", "\\frac{1}{2^{@}}"),
            ("\\frac{1}{2^{@}}", "2^{-@}"),
            ("e^{-@}", "\\frac{1}{e^{@}}"),
            ("e^{-@}", "exp(-@)"),
            ("1.@ \\times 10^{-34}", "1.@e-34"),
            ("1.@ \\times 10^{-19}", "1.@ \\cdot 10^{-19}"),
            ("10^{-@}", "\\frac{1}{10^{@}}"),
            ("3^{-@}", "\\left(\\frac{1}{3}\\right)^{@}"),
            ("1 - 2^{-@}", "1 - \\frac{1}{2^{@}}"),
            ("1 + e^{-@}", "e^{-@} + 1"),
        ]
    )
    return Case(given.replace("@", str(whole)), gold=expected.replace("@", str(whole)))


@right("percentage expected")
def percentage(rng: Random, gold: Gold) -> Case | None:
    found = rational(gold)
    text = None if found is None or not 0 < found < 100 else decimal(found)
    hundredth = None if text is None else decimal(found / 100, 9)
    if text is None or hundredth is None:
        return None
    given = rng.choice(
        [
            text,
            hundredth,
            f"{text} \\%",
            f"{text} \\text{{ percent}}",
            f"\\text{{{text}\\%}}",
            latex(gold.answer.parts[0]) + "\\%",
            f"{float(found)!r}\\%",
        ]
    )
    return Case(given, gold=f"{text}\\%")


@right("number word")
def number_word(rng: Random, gold: Gold) -> Case | str | None:
    whole = integer(gold)
    if not whole or whole < 0:
        return None
    if whole % 1000 == 0:
        return f"{whole // 1000} \\text{{ thousand}}"
    if whole > 999:
        return None
    word, factor = rng.choice([("million", 10**6), ("thousand", 1000), ("billion", 10**9)])
    return Case(f"{whole} \\text{{ {word}}}", gold=str(whole * factor))


@right("trigonometric and complex values")
def special_values(rng: Random, gold: Gold) -> str | None:
    values = {
        "\\frac{1}{2}": ("\\sin 30^\\circ", "\\cos\\frac{\\pi}{3}", "sin(pi/6)"),
        "\\frac{\\sqrt{3}}{3}": ("\\tan 30^\\circ", "\\cot 60^\\circ", "\\frac{1}{\\sqrt{3}}"),
        "-\\sqrt{3}": ("\\tan 120^\\circ", "-\\tan 60^\\circ", "-\\tan\\frac{\\pi}{3}"),
        "-1": ("e^{i\\pi}", "\\cos \\pi", "i^2", "\\cos 180^\\circ"),
        "1": ("\\sin 90^\\circ", "\\tan 45^\\circ", "e^0", "\\ln e", "\\log_{10} 10", "\\log_2 2"),
        "0": ("\\sin 0", "\\cos 90^\\circ", "\\ln 1", "\\sin \\pi", "\\log 1"),
        "2": ("\\log_{10} 100", "\\ln e^2", "\\sec 60^\\circ", "\\log_e e^2", "\\sqrt[3]{8}"),
        "\\frac{\\pi}{6}": ("\\arcsin\\frac{1}{2}", "30^\\circ"),
        "-\\frac{\\pi}{6}": ("\\arcsin(-\\frac{1}{2})", "-\\arcsin \\frac{1}{2}"),
        "\\pi": ("\\arccos(-1)", "4\\arctan 1", "180^\\circ"),
    }
    return rng.choice(values[gold.text]) if gold.text in values else None


@right("dots in a list")
def dots(rng: Random, gold: Gold) -> Case | None:
    whole = integer(gold)
    if whole is None or not 6 <= whole <= 2000:
        return None
    last = rng.choice([str(whole), "n", f"{whole}n"])
    mark = rng.choice(["\\dots", "\\ldots", "...", "\\cdots"])
    return Case(f"1, 2, {mark}, {last}", gold=f"1, 2, \\ldots, {last}")


@right("cotangent in other functions")
def cotangent(rng: Random, gold: Gold) -> str | None:
    match = re.fullmatch(r"\\cot ([a-z])", gold.text)
    if match is None:
        return None
    style = rng.choice(
        [
            "\\frac{\\cos @}{\\sin @}",
            "\\frac{1}{\\tan @}",
            "cot(@)",
            "\\cot(@)",
            "\\tan(\\frac{\\pi}{2} - @)",
            "cos(@)/sin(@)",
            "1/tan(@)",
            "\\cos @ \\csc @",
            "\\operatorname{cot} @",
        ]
    )
    return style.replace("@", match[1])


@right("union as excluded points")
def excluded(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape != "union" or found.parts[1] != found.parts[2]:
        return None
    low, middle, high = (latex(part) for part in (found.parts[0], *found.parts[2:]))
    return rng.choice(
        [
            f"{low} < x < {high}, x \\ne {middle}",
            f"{low} < x < {high}, x \\neq {middle}",
            f"({low}, {high}) \\setminus \\{{{middle}\\}}",
            f"({low},{middle}) \\cup ({middle},{high})",
        ]
    )
