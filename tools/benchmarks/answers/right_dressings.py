"""Right answers in other clothes: wrappers, words before and behind, what stands at the box."""

import re
from random import Random

from answers.cases import Case, Gold, right
from answers.right_characters import (
    NOT_MATHEMATICS,
    dashes,
    unicode_signs,
)
from answers.right_values import integer, is_number, names, sympy_text

WRAPPERS = (
    "\\mathrm{@}",
    "\\mathbf{@}",
    "\\boldsymbol{@}",
    "\\bm{@}",
    "\\color{red}{@}",
    "{\\color{blue}@}",
    "\\color{blue} @",
    "\\textcolor{red}{@}",
    "\\underline{@}",
    "\\displaystyle @",
    "{@}",
    "$@$",
    "\\(@\\)",
    "\\mathbf{{@}}",
    "\\large @",
    "\\begin{aligned} @ \\end{aligned}",
    "\\begin{aligned} & @ \\end{aligned}",
    "\\boldsymbol{\\color{red}{@}}",
    "\\underline{\\underline{@}}",
    "\\fbox{$@$}",
)


@right("wrapper")
def wrapper(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape in NOT_MATHEMATICS or "\\begin" in gold.text or "\\text" in gold.text:
        return None
    if "\\mbox" in gold.text or "\\$" in gold.text:
        return None
    return rng.choice(WRAPPERS).replace("@", gold.text)


@right("text around a number")
def text_wrapper(rng: Random, gold: Gold) -> str | None:
    if integer(gold) is None:
        return None
    style = rng.choice(["\\text{@}", "\\textbf{@}", "\\text{ @ }", "\\mbox{@}"])
    return style.replace("@", gold.text)


@right("words before the value")
def announced(rng: Random, gold: Gold) -> str | None:
    words = rng.choice(
        [
            "\\text{The answer is }",
            "\\text{Answer: }",
            "\\text{the answer is } ",
            "\\textbf{Answer: }",
            "\\text{The final answer is }",
            "\\text{Answer} = ",
        ]
    )
    return words + gold.text


@right("remark behind the value")
def remark(rng: Random, gold: Gold) -> str | None:
    if not is_number(gold):
        return None
    return gold.text + rng.choice(
        ["\\ (\\text{approx})", " \\text{ (approx.)}", "\\ (\\text{approx.})"]
    )


@right("full stop in the box")
def full_stop(rng: Random, gold: Gold) -> str | None:
    text = gold.text
    if rng.random() < 0.4 and gold.answer.shape in ("scalar", "list", "tuple"):
        text = sympy_text(rng, gold) or text
    return text + rng.choice([".", ".", " .", ".\\,"])


@right("name before the value")
def named(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape == "tuple":
        return rng.choice(["P = ", "\\mathbf{v} = "]) + gold.text
    if gold.answer.shape == "matrix":
        return rng.choice(["\\mathbf{v} = ", "A = ", "M = "]) + gold.text
    if gold.answer.shape != "scalar":
        return None
    if names(gold):
        variables = names(gold)
        return f"f({variables[0]}) = {gold.text}" if len(variables) == 1 else None
    return (
        rng.choice(["x = ", "n=", "N = ", "a_1 = ", "x_{2} = ", "AB = ", "\\theta = "]) + gold.text
    )


@right("choice in its dressings")
def choice(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "choice":
        return None
    style = rng.choice(
        [
            "@",
            "(@)",
            "\\text{@}",
            "\\text{(@)}",
            "\\textbf{(@)}",
            "\\mathrm{(@)}",
            "\\textbf{@}",
            "\\text{Option @}",
            "\\text{Choice (@)}",
            "Option @",
            "@.",
            "(@).",
            "\\mathbf{@}",
            "\\text{(@) }",
            "\\textbf{(@) }",
            "\\text{Answer: @}",
            "\\text{Choice @}",
            "\\textbf{(@)}\\ 12",
            "(\\text{@})",
            "(\\mathrm{@})",
            "\\mathbf{(@)}",
            "\\text{option (@)}",
            "\\boxed{@}",
        ]
    )
    return style.replace("@", gold.answer.label)


@right("word in its dressings")
def word(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape != "text":
        return None
    text = rng.choice(
        [
            gold.answer.label,
            gold.answer.label.lower(),
            gold.answer.label.title(),
            gold.answer.label.upper(),
        ]
    )
    style = rng.choice(
        [
            "@",
            "\\text{@}",
            "\\textbf{@}",
            "\\mathrm{@}",
            "\\text{ @ }",
            "\\text{@.}",
            "@.",
            "\\textit{@}",
            "\\mbox{@}",
            "\\text{\\textbf{@}}",
            "\\text{The answer is @}",
        ]
    )
    return style.replace("@", text)


@right("placeholder after the box")
def placeholder(rng: Random, gold: Gold) -> Case | None:
    filler = rng.choice(
        [
            "answer",
            "\\text{answer}",
            "your answer",
            "...",
            "\\ldots",
            "?",
            "",
            " ",
            "\\text{final answer}",
            "\\text{your answer}",
            "\\cdots",
            "\\dots",
        ]
    )
    words = rng.choice(
        [
            " I put it in \\boxed{#} as asked.",
            " (The form \\boxed{#} was asked for.)",
            "\n\nThe final answer is in $\\boxed{#}$.",
            " Answers go in \\boxed{#}.",
        ]
    )
    return Case(
        f"The answer is $\\boxed{{{gold.text}}}$." + words.replace("#", filler), is_whole=True
    )


@right("sign beside the box")
def sign_beside(rng: Random, gold: Gold) -> Case | None:
    if not is_number(gold) or not gold.text.startswith("-"):
        return None
    amount = gold.text[1:].strip()
    if re.search(r"[-+]", amount):
        return None
    before = rng.choice(["so $a = -", "$-", "We get $x = -", "\\[ n = -"])
    after = "\\]" if before.startswith("\\[") else "$."
    return Case(f"{before}\\boxed{{{amount}}}{after}", is_whole=True)


@right("factor beside the box")
def factor_beside(rng: Random, gold: Gold) -> Case | None:
    match = re.fullmatch(r"(\d+) ?(\\pi|\\sqrt\{?\d+\}?|\^\\circ|[kx])", gold.text)
    if match is None:
        return None
    return Case(f"so the value is $\\boxed{{{match[1]}}}{match[2]}$.", is_whole=True)


@right("box without braces")
def unbraced(rng: Random, gold: Gold) -> Case | None:
    if not re.fullmatch(r"\d+", gold.text):
        return None
    joint = rng.choice(["", " "]) if len(gold.text) == 1 else " "
    before, after = rng.choice(
        [("The answer is $", "$."), ("", ""), ("\\[", " \\]"), ("Thus ", ".")]
    )
    return Case(f"{before}\\boxed{joint}{gold.text}{after}", is_whole=True)


@right("other boxes")
def other_boxes(rng: Random, gold: Gold) -> Case | None:
    style = rng.choice(
        [
            "$\\fbox{@}$",
            "\\boxed {@}",
            "\\boxed{\\boxed{@}}",
            "$\\boxed{ @ }$",
            "\\boxed{\n@\n}",
            "First I had $\\boxed{1000003}$, but that was wrong. The answer is $\\boxed{@}$.",
            "$\\boxed{@}$. To repeat it: $\\boxed{@}$.",
            "**Answer:** \\boxed{@}.",
        ]
    )
    if "$" in gold.text:
        return None
    return Case(style.replace("@", gold.text), is_whole=True)


@right("two dressings")
def combined(rng: Random, gold: Gold) -> str | None:
    inner = rng.choice((sympy_text, unicode_signs, dashes, named, wrapper))(rng, gold)
    if not isinstance(inner, str) or "\\$" in inner:
        return None
    outer = rng.choice(
        [
            "@.",
            "\\text{The answer is }@",
            "\\,@",
            "@\\,",
            "\\underline{@}",
            "\\color{red}{@}",
            "\N{ZERO WIDTH SPACE}@",
            "@~",
            "{@}",
            "\\text{Answer: } @",
            "\\textcolor{blue}{@}",
            "\\displaystyle @",
        ]
    )
    return outer.replace("@", inner)
