"""Finds the final answer in a text without a box, for pairs of other projects.

An evaluation never comes here: there an answer stands in a box.
"""

import re

from .answers import choice

FORMULA = re.compile(r"(?<!\\)\$\$(.+?)\$\$|(?<!\\)\$((?:[^$]|\\\$)+?)(?<!\\)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
ANNOUNCED = re.compile(
    r"(?:answer|answers|result)\b\s*(?:is|are|:|=)?\s*:?\s*(.+?)"
    r"(?=\.(?:\s|$)|\n|。|I hope|$)", re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![A-Za-z\d.])[-+]?(?:\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?(?:/\d+)?(?:[ \t]+\d+/\d+(?!\d|[./]\d))?"
    r"(?![A-Za-z\d]*[A-Z])\s*(?:\\?%|percent(?:age)?|pct)?"
)
LETTER = re.compile(r"(?<![A-Za-z'’])\(?([A-HJ])\)?(?![A-Za-z'’])")
ANNOUNCED_LETTER = re.compile(
    r"(?<!not )\b(?:answer|option|choice|(?:think|so|therefore),? it(?:'s| is))\b"
    r"[^A-Z\n]{0,30}\(?([A-J])\b", re.IGNORECASE
)
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def formulas(text):
    """The formulas of a text, in order."""
    return [next(group for group in match.groups() if group) for match in FORMULA.finditer(text)]


def candidates(text, expects_choice):
    """Possible final answers in `text`, the likeliest first."""
    if expects_choice:
        letters = _letters(text)
        return letters[:1]
    found = []
    announced = [match[1].strip() for match in ANNOUNCED.finditer(text)]
    if announced:
        inner = FORMULA.search(announced[-1])
        said = re.split(r"\bis\b", announced[-1])[-1].strip()
        is_formula = inner and inner[0].strip(" .") == said.strip(" .")
        found.append(next(group for group in inner.groups() if group) if is_formula else said)
    found += formulas(text)[-1:]
    found += [match.strip("[] ") for match in re.findall(r"\[([^\[\]]+)\]", text)[-1:]]
    found += BOLD.findall(text)[-1:]
    numbers = [match[0].strip() for match in NUMBER.finditer(text)]
    found += reversed(numbers[-1:])
    relations = re.findall(r"[a-z]\s*(?:<=|>=|!=|<|>)\s*-?\d+", text)
    return relations[-1:] + [side for each in found for side in sides(each)]


def _letters(text):
    """Choice letters of a text: the last that is announced, or all in order."""
    announced = [match[1] for match in ANNOUNCED_LETTER.finditer(text) if match[1].isupper()]
    whole = choice(text)
    return announced[-1:] or [whole or ""] if whole or announced else LETTER.findall(text)


def sides(formula):
    """The parts of a formula that may be its answer: what stands behind the last equals sign first."""
    before = re.split(r"\\approx|≈", formula)[0]
    return [part for part in (before.split("=")[-1], formula) if part.strip()]
