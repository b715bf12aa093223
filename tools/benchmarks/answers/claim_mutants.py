"""Wrong answers that say something else: tails, hedges, relations, task forms, words, near values."""

import re
from random import Random

from answers.cases import Case, Gold, mutant
from answers.evaluation import symbols, to_sympy, value
from answers.reading import Node
from answers.right_values import integer, is_number, names, rational
from answers.spelling import latex

SCALARS = ("scalar",)


def plain_number(gold: Gold) -> str | None:
    """The expected text where it is a number without a unit."""
    return gold.text if is_number(gold) and "!" not in gold.text else None


def other_integer(rng: Random, gold: Gold) -> int:
    """An integer that is not the expected number."""
    expected = integer(gold)
    return rng.choice([each for each in range(2, 60) if each != expected])


@mutant("hedge")
def hedge(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None:
        return None
    other = str(other_integer(rng, gold))
    style = rng.choice(
        [
            "@ or #",
            "@ \\text{ or } #",
            "@ \\approx #",
            "@ \\to #",
            "@, #",
            "@ \\pm 1",
            "#, @",
            "# \\text{ or } @",
            "@ = #",
            "# = @",
            "@ \\ne #",
            "@; #",
            "@ \\text{ and } #",
            "@ | #",
            "@ \\lor #",
            "@\\text{, no }#",
            "@\\text{, not }#",
            "\\{@, #\\}",
            "[@, #]",
            "(@, #)",
            "@ \\text{ to } #",
            "@:#",
            "@ < #",
            "@ \\text{ (or } #\\text{)}",
            "@ \\rightarrow #",
            "@ \\sim #",
            "@ - #",
            "\\text{either } @ \\text{ or } #",
            "@ \\quad #",
            "@ \\\\ #",
            "@ / #",
            "@ \\& #",
        ]
    )
    return style.replace("@", text).replace("#", other)


@mutant("two boxes that disagree")
def two_boxes(rng: Random, gold: Gold) -> Case | None:
    text = plain_number(gold)
    if text is None:
        return None
    other = str(other_integer(rng, gold))
    style = rng.choice(
        [
            "$\\boxed{@}$ or $\\boxed{#}$",
            "$\\boxed{#}$ and $\\boxed{@}$",
            "\\boxed{@}, \\boxed{#}",
            "First $\\boxed{@}$. Wait, a factor is missing, so the answer is $\\boxed{#}$.",
            "$\\boxed{#}$. (The value @ is excluded.)",
            "The answer @ is tempting, but it is \\boxed{#}.",
        ]
    )
    return Case(style.replace("@", text).replace("#", other), is_whole=True)


@mutant("relation for a number")
def relation(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None:
        return None
    sign = rng.choice(
        [
            "\\ge",
            "\\le",
            "\\geq",
            "\\leq",
            ">",
            "<",
            "\\ne",
            "\\neq",
            "\\gt",
            "\\lt",
            ">=",
            "<=",
            "!=",
        ]
    )
    return rng.choice(["@ #", "x @ #", "n @ #", "# @ x"]).replace("@", sign).replace("#", text)


@mutant("tail behind the value")
def tail(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None or not value(gold.answer.parts[0]):
        return None
    simple = re.fullmatch(r"\d+", text) is not None
    tails = [
        " + sqrt(2)",
        " \\foo{3}",
        ", ...",
        ", \\ldots",
        " + x",
        " - n",
        "n, n \\in \\mathbb{Z}",
        " + 2\\pi k",
        " + C",
        ", \\text{ or else } 1",
        " + \\cdots",
        " + \\epsilon",
        " \\cdot x",
        " + \\frac{1}{2}",
        " - sqrt(3)",
        "x",
        "n",
        "\\sqrt{x}",
        " + i",
        " \\frobnicate 7",
        "\\cdots",
    ]
    if simple and int(text) > 2:
        tails += ["\\sqrt(2)", "\\sqrt(7)", "sqrt(3)", "!", "^2", "^{3}", "k", "(x+1)"]
    return text + rng.choice(tails)


@mutant("head before the value")
def head(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None or not value(gold.answer.parts[0]):
        return None
    heads = [
        "2 + ",
        "\\sqrt{2} + ",
        "x + ",
        "\\foo{3} ",
        "1, ",
        "\\text{not } ",
        "\\text{more than } ",
        "\\text{at least } ",
        "\\text{at most } ",
        "\\text{less than } ",
        "\\ldots, ",
        "2\\pi + ",
        "\\text{no, not }",
        "\\text{under } ",
        "\\text{anything but } ",
        "\\log ",
        "x = 2 \\cdot ",
    ]
    return rng.choice(heads) + (text if not text.startswith("-") else f"({text})")


@mutant("number word behind the value")
def magnitude(rng: Random, gold: Gold) -> str | None:
    text = plain_number(gold)
    if text is None or not value(gold.answer.parts[0]) or names(gold):
        return None
    word = rng.choice(["million", "thousand", "hundred", "billion", "dozen", "trillion"])
    return text + rng.choice(
        [f" \\text{{ {word}}}", f"\\text{{ {word}}}", f" {word}", f"\\ \\mathrm{{{word}}}"]
    )


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
    if not found:
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
    whole = integer(gold)
    if whole is None or not 0 <= whole < 10**6:
        return None
    modulus = rng.randint(3, 40)
    residue = whole % modulus
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


def dressed(text: str) -> str:
    """A formula in brackets where it is more than a number."""
    return text if re.fullmatch(r"\d+", text) else f"({text})"


@mutant("task form with the same value")
def task_form(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in SCALARS or gold.answer.unit:
        return None
    text = dressed(gold.text)
    forms = [
        "\\int_0^1 @ \\, dx",
        "\\lim_{h \\to 0} (@ + h)",
        "\\sum_{j=1}^{1} @",
        "\\prod_{j=1}^{1} @",
        "\\int_{0}^{2} \\frac{@}{2} \\, du",
        "\\lim_{h\\to 0} \\frac{@ \\sin h}{h}",
        "\\frac{d}{dw} (@ w)",
        "\\sum_{j=1}^{2} \\frac{@}{2}",
        "\\lim_{m \\to \\infty} (@ + \\frac{1}{m})",
        "\\left. \\frac{d}{dw} (@ w) \\right|_{w=1}",
    ]
    return rng.choice(forms).replace("@", text)


@mutant("task form of an integer")
def integer_task(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or not 2 <= whole <= 10**6:
        return None
    modulus = rng.randint(whole + 1, 2 * whole + 50)
    factor = rng.randint(2, 9)
    forms = [
        f"\\sum_{{k=1}}^{{{whole}}} 1",
        f"{whole + modulus * factor} \\bmod {modulus}",
        f"\\gcd({whole * factor}, {whole * (factor + 1)})",
        f"\\lfloor \\frac{{{2 * whole + 1}}}{{2}} \\rfloor",
        f"\\left\\lceil \\frac{{{2 * whole - 1}}}{{2}} \\right\\rceil",
        f"\\lfloor \\sqrt{{{whole**2 + 1}}} \\rfloor",
        f"\\int_0^{{{whole}}} 1 \\, dx",
        f"\\max({whole}, {whole - 1})",
        f"\\min({whole}, {whole + factor})",
        f"{whole + modulus} \\mod {modulus}",
        f"\\operatorname{{lcm}}(1, {whole})",
        f"\\text{{lcm}}(1, {whole})",
        f"\\det \\begin{{pmatrix}} {whole} & 0 \\\\ 0 & 1 \\end{{pmatrix}}",
        f"\\gcd({whole}, 0)",
        f"\\begin{{vmatrix}} {whole} & 0 \\\\ 0 & 1 \\end{{vmatrix}}",
        f"{whole} + 10^{{20}} - 10^{{20}}",
        f"\\frac{{{whole} \\cdot 7^{{50}}}}{{7^{{50}}}}",
        f"\\lfloor {whole}.5 \\rfloor",
        f"\\sum_{{k=0}}^{{{whole - 1}}} \\cos(0)",
        f"\\prod_{{k={whole}}}^{{{whole}}} k",
    ]
    roots = [top for top in range(2, 1500) if top * (top + 1) // 2 == whole]
    forms += [f"\\sum_{{k=1}}^{{{top}}} k" for top in roots] + [
        f"1 + 2 + \\cdots + {top}" for top in roots
    ]
    return rng.choice(forms)


@mutant("big power reduced")
def power_reduced(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or not 0 < whole < 2000:
        return None
    for _ in range(400):
        base, exponent = rng.randint(2, 13), rng.randint(50, 400)
        modulus = rng.randint(whole + 1, whole + 40)
        if pow(base, exponent, modulus) == whole:
            style = rng.choice(
                ["@ \\bmod #", "@ \\mod #", "@ \\pmod{#}", "@ % #", "\\text{rem}(@, #)"]
            )
            return style.replace("@", f"{base}^{{{exponent}}}").replace("#", str(modulus))
    return None


@mutant("task form of Python")
def python_task(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or not 2 <= whole <= 10**6:
        return None
    factor = rng.randint(2, 9)
    big = whole + rng.randint(1, 50)
    return rng.choice(
        [
            f"Sum(1, (k, 1, {whole}))",
            f"Integral(1, (x, 0, {whole}))",
            f"gcd({whole * factor}, {whole * (factor + 1)})",
            f"floor({whole}.5)",
            f"max({whole}, {whole - 1})",
            f"Mod({big + whole}, {big})",
            f"({big + whole}) % {big}",
            f"sum(range({whole}, {whole + 1}))",
            f"Limit({whole} + x, x, 0)",
            f"Derivative({whole}*x, x)",
            f"pow({whole}, 1, {big})",
            f"solve(x - {whole}, x)",
            f"lcm(1, {whole})",
            f"len(range({whole}))",
            f"int({whole}.7)",
            f"integrate(1, (x, 0, {whole}))",
            f"math.gcd({whole * factor}, {whole * (factor + 1)})",
            f"eval('{whole}')",
            f"int('{whole}')",
            f"min({whole}, {big})",
            f"round({whole}.2)",
            f"diff({whole}*x, x)",
            f"summation(1, (k, 1, {whole}))",
            f"Product({whole}, (k, 1, 1))",
            f"limit({whole}*sin(x)/x, x, 0)",
        ]
    )


@mutant("relation to be solved")
def to_be_solved(rng: Random, gold: Gold) -> str | None:
    found = gold.answer
    if found.shape == "scalar" and integer(gold) is not None:
        whole, step, factor = integer(gold), rng.randint(2, 9), rng.randint(2, 7)
        return rng.choice(
            [
                f"{factor}x = {factor * whole}",
                f"x + {step} = {whole + step}",
                f"x - ({whole}) = 0",
                f"{factor}x + {step} = {factor * whole + step}",
                f"x^3 = {whole**3}",
                f"\\frac{{x}}{{{factor}}} = \\frac{{{whole}}}{{{factor}}}",
                f"\\sqrt{{x}} = \\sqrt{{{whole}}}",
                f"{factor}x - {factor * whole} = 0",
                f"x = {2 * whole} - x",
            ]
        )
    if found.shape in ("list", "set") and not names(gold):
        factors = "".join(f"(x - ({latex(part)}))" for part in found.parts)
        return f"{factors} = 0"
    if found.shape != "interval":
        return None
    low, high = found.parts
    strict = found.intervals[0] in ("()",)
    below, above = ("<" if mark in "()" else "\\le" for mark in found.intervals[0])
    if "\\infty" in latex(high):
        return (
            rng.choice(["2x @ 2(#)", "x - (#) @ 0", "-x & -(#)", "x + 1 @ (#) + 1"])
            .replace("@", ">" if below == "<" else "\\ge")
            .replace("&", below)
            .replace("#", latex(low))
        )
    if "\\infty" in latex(low):
        return (
            rng.choice(["2x @ 2(#)", "x - (#) @ 0", "3x @ 3(#)"])
            .replace("@", above)
            .replace("#", latex(high))
        )
    if not strict and found.intervals[0] != "[]":
        return f"2({latex(low)}) {below} 2x {above} 2({latex(high)})"
    return f"(x - ({latex(low)}))(x - ({latex(high)})) {above} 0"


@mutant("other choice")
def choice(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "choice":
        return None
    expected = gold.answer.label
    other = rng.choice([letter for letter in "ABCDE" if letter != expected])
    third = rng.choice([letter for letter in "ABCDE" if letter not in (expected, other)])
    return (
        rng.choice(
            [
                "#",
                "(#)",
                "\\text{(#)}",
                "(@) or (#)",
                "@ or #",
                "@, #",
                "\\text{(@) or (#)}",
                "@ \\text{ or } #",
                "A. B. C. D. E.",
                "(A), (B), (C), (D), (E)",
                "\\text{not } @",
                "\\text{(@) and (#)}",
                "#@",
                "@#",
                "@ / #",
                "\\text{Option #}",
                "\\textbf{(#)}",
                "(@)(#)",
                "@ | #",
                "#, not @",
                "\\{@, #\\}",
                "\\text{any but @}",
                "@ = #",
                "(@), (#) and (%)",
                "\\text{either @ or #}",
                "#. because @ is wrong",
                "\\text{none, so not @}",
                "\\text{both @ and #}",
                "(#) or (@)",
                "ABCDE",
                "@@#",
                "(@, #)",
            ]
        )
        .replace("@", expected)
        .replace("#", other)
        .replace("%", third)
    )


@mutant("other word")
def word(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "text":
        return None
    label = gold.answer.label
    others = {
        "east": "west",
        "even": "odd",
        "ellipse": "hyperbola",
        "Navin": "Ravi",
        "Evelyn": "Debra",
    }
    other = others.get(label, "none")
    at = rng.randrange(len(label))
    return rng.choice(
        [
            f"\\text{{{other}}}",
            other,
            f"\\text{{not {label}}}",
            f"\\text{{{label} or {other}}}",
            f"\\text{{{label[:at]}z{label[at + 1:]}}}",
            f"\\text{{{label}, {other}}}",
            f"\\text{{neither {label} nor {other}}}",
            f"\\text{{{label} and {other}}}",
            f"\\text{{{other}, not {label}}}",
            f"\\text{{no {label}}}",
            f"\\text{{{label[:-1]}}}",
            f"\\text{{non-{label}}}",
            f"\\text{{{label}}} \\text{{ or }} \\text{{{other}}}",
            f"{label} / {other}",
            f"un{label}",
        ]
    )


@mutant("sign beside the box")
def sign_beside(rng: Random, gold: Gold) -> Case | None:
    text = plain_number(gold)
    if text is None or not re.fullmatch(r"\d+", text) or text == "0":
        return None
    return Case(
        rng.choice(
            [
                f"so $a = -8\\cdot 32 = -\\boxed{{{text}}}$.",
                f"We get $x = -\\boxed{{{text}}}$.",
                f"$-\\boxed{{{text}}}$",
            ]
        ),
        is_whole=True,
    )


@mutant("factor beside the box")
def factor_beside(rng: Random, gold: Gold) -> Case | None:
    text = plain_number(gold)
    if text is None or not re.fullmatch(r"\d+", text) or text == "0":
        return None
    factor = rng.choice(["\\pi", "\\sqrt{2}", "x", "\\sqrt{3}", "i", "n"])
    return Case(f"so the value is $\\boxed{{{text}}}{factor}$.", is_whole=True)


@mutant("variable dropped")
def variable_dropped(rng: Random, gold: Gold) -> str | None:
    used = names(gold)
    if not used or gold.answer.shape != "scalar" or gold.answer.unit:
        return None
    part = gold.answer.parts[0]

    def without(node: Node) -> Node:
        if node.kind == "symbol":
            return Node("number", (), 1)
        return Node(node.kind, tuple(without(each) for each in node.parts), node.value)

    if not symbols(part):
        return None
    substituted = to_sympy(part).subs({name: 1 for name in used})
    return str(substituted)


@mutant("words that change the value")
def words(rng: Random, gold: Gold) -> Case | None:
    if gold.answer.shape != "scalar" or gold.answer.unit:
        return None
    used = names(gold)
    if used:
        name = used[0]
        prefix = rng.choice(["odd ", "even ", "prime ", "all but "])
        return (
            Case(gold.text, gold=f"\\text{{{prefix}}} {gold.text}") if gold.text == name else None
        )
    text = gold.text
    return Case(
        text
        + rng.choice(
            [
                " \\text{ is wrong}",
                " \\text{ is not the answer}",
                "\\text{ or so, maybe more}",
                " \\text{ less than the total}",
                " \\text{ more than twice}",
                " \\text{ times } x",
                " \\text{ plus } 2",
                "\\text{ squared}",
                " \\text{ percent more}",
                " \\text{ below zero}",
                " \\text{ halves}",
                " \\text{ thirds}",
                " \\text{ modulo } 7",
            ]
        )
    )


def roots_of_unity(order: int) -> str:
    """The sum of the roots of unity, which is 0, as a task."""
    return f"\\sum_{{k=1}}^{{{order}}} e^{{2\\pi i k/{order}}}"


@mutant("task form of zero and one")
def zero_task(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    order = rng.randint(2, 60)
    if whole == 0:
        return rng.choice(
            [
                roots_of_unity(order),
                f"{order * 7} \\bmod {order}",
                f"\\lim_{{x\\to 0}} {order}x",
                f"\\int_{{-{order}}}^{{{order}}} x \\, dx",
                f"\\lfloor \\frac{{1}}{{{order}}} \\rfloor",
            ]
        )
    if whole == 1:
        return rng.choice(
            [
                f"\\gcd({order}, {order + 1})",
                f"{order + 1} \\bmod {order}",
                f"\\lceil \\frac{{1}}{{{order}}} \\rceil",
                f"\\sum_{{k=1}}^{{\\infty}} \\frac{{1}}{{2^k}}",
                f"\\lim_{{n\\to\\infty}} \\frac{{n+{order}}}{{n}}",
            ]
        )
    return None
