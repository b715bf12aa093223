"""Wrong answers that say something else: tails, hedges, relations, words, other choices."""

import re
from random import Random

from answers.cases import Case, Gold, mutant
from answers.evaluation import symbols, to_sympy, value
from answers.golds import plain_number
from answers.reading import Node
from answers.right_values import integer, names


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
