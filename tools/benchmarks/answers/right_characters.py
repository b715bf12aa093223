"""Right answers in other characters: spaces, unicode, invisible and full-width ones."""

import re
from random import Random

from answers.cases import Gold, right
from answers.golds import rational
from answers.right_values import sympy_text

SPACES = ("\\,", "\\!", "\\;", "~", "\\ ", "\\:", " ", "  ")
DASHES = ("\N{MINUS SIGN}", "\N{EN DASH}", "\N{FULLWIDTH HYPHEN-MINUS}", "\N{NON-BREAKING HYPHEN}")
INVISIBLE = ("\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}", "\N{ZERO WIDTH NO-BREAK SPACE}")
SUPERSCRIPTS = str.maketrans(
    "0123456789-", "\u2070\xb9\xb2\xb3\u2074\u2075\u2076\u2077\u2078\u2079\u207b"
)
VULGAR = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔", "1/5": "⅕", "1/8": "⅛"}
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


def superscripted(text: str) -> str:
    """Powers as superscript characters where they are integers."""
    return re.sub(
        r"\^(?:\{(-?\d+)\}|(\d))",
        lambda match: (match[1] or match[2]).translate(SUPERSCRIPTS),
        text,
    )


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


@right("unicode in the text of a program")
def unicode_program(rng: Random, gold: Gold) -> str | None:
    text = sympy_text(rng, gold)
    if text is None or gold.answer.shape not in ("scalar", "list", "tuple"):
        return None
    changed = re.sub(r"sqrt\((\d+)\)", "√\\1", text)
    changed = re.sub(r"\*\*(\d)", lambda match: match[1].translate(SUPERSCRIPTS), changed)
    changed = re.sub(r"\bpi\b", "π", changed)
    changed = changed.replace("*", rng.choice(["·", "×", "⋅", "*"])).replace("oo", "∞")
    return changed if changed != text else None


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
