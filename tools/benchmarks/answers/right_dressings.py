"""Right answers in other clothes: wrappers, spaces, unicode, units, words, what stands at the box."""

import re
from random import Random

from answers.cases import Case, Gold, right
from answers.reading import Unreadable
from answers.right_values import checked, integer, is_number, names, rational, sympy_text
from answers.evaluation import value
from answers.spelling import latex

SPACES = ("\\,", "\\!", "\\;", "~", "\\ ", "\\:", " ", "  ")
DASHES = ("\N{MINUS SIGN}", "\N{EN DASH}", "\N{FULLWIDTH HYPHEN-MINUS}", "\N{NON-BREAKING HYPHEN}")
INVISIBLE = ("\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}", "\N{ZERO WIDTH NO-BREAK SPACE}")
SUPERSCRIPTS = str.maketrans(
    "0123456789-", "\u2070\xb9\xb2\xb3\u2074\u2075\u2076\u2077\u2078\u2079\u207b"
)
VULGAR = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔", "1/5": "⅕", "1/8": "⅛"}
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
)
NOT_MATHEMATICS = ("text", "choice")


def gaps(text: str) -> list[int]:
    """Where a space changes nothing: between two tokens, outside of numbers, words and `\\text`."""
    if "\\text" in text or "\\mbox" in text or "\\begin" in text:
        return []
    tokens = list(re.finditer(r"\\[A-Za-z]+|\\.|\d[\d.,]*|[A-Za-z]|\S", text))
    # A command takes what follows it as its argument: no space between them.
    return [
        token.start()
        for before, token in zip(tokens, tokens[1:])
        if not before[0].startswith("\\") and not {before[0][-1], token[0][0]} & set("{}^_,![]\\")
    ]


@right("spacing")
def spacing(rng: Random, gold: Gold) -> str | None:
    where = gaps(gold.text)
    text = gold.text
    for position in sorted(rng.sample(where, min(len(where), 2)), reverse=True):
        text = text[:position] + rng.choice(SPACES) + text[position:]
    return rng.choice(("", "", *SPACES)) + text + rng.choice(("", *SPACES))


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


@right("thousands separators")
def thousands(rng: Random, gold: Gold) -> str | None:
    whole = integer(gold)
    if whole is None or abs(whole) < 1000:
        return None
    separator = rng.choice([",", "{,}", ",\\!", "\\,"])
    return f"{whole:,}".replace(",", separator)


@right("thousands separators in an expression")
def inner_thousands(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape not in ("scalar", "assignment") or integer(gold) is not None:
        return None
    grouped = re.sub(r"(?<![\d.^])\d{4,9}(?![\d.])", lambda match: f"{int(match[0]):,}", gold.text)
    if grouped == gold.text:
        return None
    return grouped.replace(",", rng.choice([",", "{,}"]))


@right("unit")
def unit(rng: Random, gold: Gold) -> str | None:
    if rational(gold) is None or value(gold.answer.parts[0]) <= 0:
        return None
    styles = [
        "\\text{ cm}",
        "\\text{ inches}",
        "\\,\\text{cm}",
        "\\text{ square units}",
        "\\text{ units}",
        " \\mathrm{~cm}",
        "\\text{ cm}^2",
        " \\text{ meters}",
        "\\text{ hours}",
        "\\text{ dollars}",
        "\\text{ feet}",
        "\\ \\text{km}",
        "\\text{ miles}",
        "\\text{ days}",
        "\\text{ points}",
    ]
    return gold.text + rng.choice(styles)


@right("currency")
def currency(rng: Random, gold: Gold) -> str | None:
    if gold.answer.unit == "dollar":
        bare = gold.text.replace("\\$", "")
        return rng.choice(
            [bare, f"{bare}\\text{{ dollars}}", f"\\${bare}", f"\\$ {bare}", f"\\text{{\\${bare}}}"]
        )
    whole = integer(gold)
    if whole is None or whole < 0:
        return None
    return rng.choice(
        [f"\\${whole}", f"\\$ {whole}", f"\\${whole}.00", f"\\text{{\\$}}{whole}", f"\\${whole:,}"]
    )


@right("percentage")
def percentage(rng: Random, gold: Gold) -> str | None:
    found = rational(gold)
    if found is None or not re.fullmatch(r"[\d.]+", gold.text) or not 0 < found < 1000:
        return None
    return gold.text + rng.choice(["\\%", " \\%", "\\text{ percent}", "\\text{\\%}"])


@right("unit left out or spelled otherwise")
def other_unit(rng: Random, gold: Gold) -> str | None:
    name = gold.answer.unit
    if not name or name == "dollar":
        return None
    amount = latex(gold.answer.parts[0])
    base, _, power = name.partition("^")
    if base == "degree":
        marks = [
            "^\\circ",
            "^{\\circ}",
            "\\degree",
            "\N{DEGREE SIGN}",
            "\\text{ degrees}",
            " ^\\circ",
            "",
        ]
        return amount + rng.choice(marks)
    raised = f"^{power}" if power else ""
    styles = [
        "",
        f"\\text{{ {base}}}{raised}",
        f"\\,\\mathrm{{{base}}}{raised}",
        f"\\ \\text{{{base}}}{raised}",
    ]
    styles += [f" {base}{raised}", f"~\\mathrm{{{base}}}{raised}", f"\\mbox{{ {base}}}{raised}"]
    return amount + rng.choice(styles)


def superscripted(text: str) -> str:
    """Powers as superscript characters where they are integers."""
    return re.sub(r"\^\{?(-?\d+)\}?", lambda match: match[1].translate(SUPERSCRIPTS), text)


@right("unicode mathematics")
def unicode_signs(rng: Random, gold: Gold) -> str | None:
    text = gold.text
    if gold.answer.shape in ("matrix", "based", "choice", "text"):
        return None
    found = rational(gold)
    if found is not None and str(found) in VULGAR and rng.random() < 0.7:
        return VULGAR[str(found)]
    text = superscripted(re.sub(r"\^\{?\\circ\}?", "\N{DEGREE SIGN}", text))
    text = re.sub(r"\\sqrt\{?(\d+)\}?", "√\\1", text)
    signs = (
        ("\\pi", "π"),
        ("\\infty", "∞"),
        ("\\cup", "∪"),
        ("\\cdot", "·"),
        ("\\times", "×"),
        ("\\pm", "±"),
        ("\\in", "∈"),
    )
    for command, sign in signs:
        text = re.sub(re.escape(command) + r"(?![A-Za-z]) ?", sign, text)
    return text if text != gold.text else None


@right("unicode dash for minus")
def dashes(rng: Random, gold: Gold) -> str | None:
    if "-" not in gold.text or gold.answer.shape in NOT_MATHEMATICS:
        return None
    text = gold.text
    if rng.random() < 0.3 and gold.answer.shape in ("scalar", "list", "tuple"):
        text = sympy_text(rng, gold) or text
    return text.replace("-", rng.choice(DASHES))


@right("invisible characters")
def invisible(rng: Random, gold: Gold) -> str | None:
    where = [0, len(gold.text)] + gaps(gold.text)
    text = gold.text
    for position in sorted(rng.sample(where, rng.randint(1, 2)), reverse=True):
        text = text[:position] + rng.choice(INVISIBLE) + text[position:]
    return text


@right("full-width characters")
def full_width(rng: Random, gold: Gold) -> str | None:
    if gold.answer.shape in NOT_MATHEMATICS or re.search(r"\\(?:begin|text|mbox|\$)", gold.text):
        return None
    wide = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789+-=().,"}
    text = gold.text.translate(wide)
    return text if text != gold.text and not re.search(r"\\[^A-Za-z]", text) else None


@right("unicode spaces")
def unicode_spaces(rng: Random, gold: Gold) -> str | None:
    space = rng.choice(["\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}"])
    where = [0, len(gold.text)] + gaps(gold.text)
    position = rng.choice(where)
    return gold.text[:position] + space + gold.text[position:]


@right("upright letters")
def upright(rng: Random, gold: Gold) -> str | None:
    letter = re.search(r"(?<![\\A-Za-z])[ie](?![A-Za-z])", gold.text)
    if letter and gold.answer.shape in ("scalar", "list"):
        return gold.text[: letter.start()] + f"\\mathrm{{{letter[0]}}}" + gold.text[letter.end() :]
    function = re.search(r"\\(sin|cos|tan|cot|ln|log)\b", gold.text)
    if function:
        style = rng.choice(["\\operatorname{@}", "\\mathrm{@}", "\\text{@}"])
        return gold.text.replace(function[0], style.replace("@", function[1]))
    return None


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


CONTENT = (
    spacing,
    invisible,
    dashes,
    full_stop,
    announced,
    unicode_signs,
    wrapper,
    named,
    sympy_text,
)


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
