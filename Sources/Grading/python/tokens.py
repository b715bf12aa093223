"""Splits an answer into tokens: numbers, names, commands, words and signs.

What is no token of mathematics makes the text unreadable; nothing is skipped.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from .trees import Unreadable

MOST_TOKENS = 1200
# Digits of one number: more, and its conversion takes longer than any comparison.
LONGEST_NUMBER = 400
LONGEST_EXPONENT = 400
LONGEST_CONTINUED = 60


class Token(NamedTuple):
    """One token.

    kind: `number` (value: an int or a Fraction), `decimal` (value: a Fraction), `name` (a run of letters),
    `command` (without its backslash), `word` (the words of a text command), `row` (the end of a matrix row),
    `sign` (one character), `end`. spaced says whether white space stands before it.
    """

    kind: str
    value: object
    spaced: bool
    text: str


TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<dotted>\d*\.\d*\\dot\s*\{?\d\}?(?:\d*\\dot\s*\{?\d\}?)?)
    | (?P<overline>\d*\.\d*\\(?:overline|bar|dot|overbar)\s*(?:\{\d+\}|\d))
    | (?P<ellipsis>\d*\.\d+\s*(?:\.\.\.|\\ldots))
    | (?P<scientific>(?:\d+\.\d*|\.?\d+)[eE](?:[+-]\d{2,}|\d+)(?![\d.]))
    | (?P<pointed>(?:\d+\.\d+|\d+\.(?!\d)|\.\d+)[eE][+-]?\d+)
    | (?P<number>(?:GROUPED\d+)(?:\.\d+)?|\.\d+)
    | (?P<text>\\(?:text|mathrm|mbox|textbf|textrm|textup|textnormal|operatorname\*?|hbox|textsf|mathop
        |rm|unit|si)\s*\{(?P<words>[^{}]*)\})
    | (?P<row>\\\\|\\cr(?![a-zA-Z])|\\newline(?![a-zA-Z]))
    | (?P<command>\\(?:[a-zA-Z]+|[{}%\#&_]))
    | (?P<name>log(?:2|10)(?=\s*\()|[A-Za-z]+)
    | (?P<dots>\.\.\.+)
    | (?P<sign>[-+*/^_=<>(){}\[\]|,;:!%&'"$?])
    """.replace("GROUPED", r"\d{1,3}(?:[ ]\d{3})+(?![\d])|"),
    re.VERBOSE,
)
GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])")
_OPENING = re.compile(r"[(\[]|\\\{|\\langle")
_CLOSING = re.compile(r"[)\]]|\\\}|\\rangle")


def tokens(text, grouping=True):
    """The tokens of `text`, ended by one of kind `end`.

    grouping: whether a comma between a digit and exactly three digits groups a number.
    Throws Unreadable.
    """
    if grouping:
        text = _without_grouping(text)
    found, position, spaced = [], 0, False
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise Unreadable(f"unknown character {text[position]!r}")
        position = match.end()
        kind = match.lastgroup
        if match["space"]:
            spaced = True
            continue
        kind = next(
            name
            for name in ("dotted", "overline", "ellipsis", "scientific", "pointed", "number",
                         "text", "row", "command", "name", "dots", "sign")
            if match[name] is not None
        )
        found.append(_token(kind, match, spaced))
        spaced = False
        if len(found) > MOST_TOKENS:
            raise Unreadable("too many tokens")
    found.append(Token("end", "", spaced, ""))
    return found


def _without_grouping(text):
    """`text` without the commas within numbers: those in brackets separate entries."""
    depth = position = 0
    parts = []
    for match in GROUPED.finditer(text):
        before = text[position:match.start()]
        depth += len(_OPENING.findall(before)) - len(_CLOSING.findall(before))
        parts.append(before)
        parts.append(match[0].replace(",", "") if depth <= 0 else match[0])
        position = match.end()
    return "".join(parts) + text[position:]


def _token(kind, match, spaced):
    text = match[0]
    if kind in ("number", "scientific", "pointed"):
        return _number(text, spaced)
    if kind in ("overline", "dotted"):
        return Token("number", _repeating(text), spaced, text)
    if kind == "ellipsis":
        return Token("number", _continued(match), spaced, text)
    if kind == "text":
        return Token("word", match["words"].strip(), spaced or match["words"][:1] == " ", text)
    if kind == "dots":
        return Token("command", "ldots", spaced, text)
    if kind == "command":
        return Token("command", text[1:], spaced, text)
    return Token(kind, text, spaced, text)


def _number(text, spaced):
    digits = text.replace(" ", "")
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > LONGEST_NUMBER or abs(int(exponent or 0)) > LONGEST_EXPONENT:
        raise Unreadable("a number has too many digits")
    if "." in mantissa or exponent:
        value = Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
        return Token("decimal", value, spaced, text)
    return Token("number", int(mantissa), spaced, text)


def _repeating(text):
    """The fraction for `0.1\\overline{6}`, `0.\\dot3` and `0.\\dot{1}4\\dot{2}`."""
    plain = re.sub(r"[{}\s]", "", text)
    fixed, repeated = re.match(r"(\d*\.\d*)\\[a-z]+(.*)", plain).groups()
    return _periodic(fixed, re.sub(r"\\dot", "", repeated))


def _continued(match):
    """The fraction for `0.333...`, whose last block of digits stands there twice or more."""
    text = re.sub(r"(?:\.\.\.|\\ldots)\s*$", "", match[0]).strip()
    whole, digits = text.split(".")
    if len(digits) > LONGEST_CONTINUED:
        raise Unreadable("a continued decimal has too many digits")
    for size in range(1, len(digits) // 2 + 1):
        block = digits[-size:]
        count = 0
        while digits.endswith(block * (count + 1)):
            count += 1
        if count * size >= 3 and count >= 2:
            return _periodic(f"{whole}.{digits[:-size * count]}", block)
    raise Unreadable("digits that do not repeat are continued")


def _periodic(fixed, repeated):
    whole, digits = fixed.split(".")
    if len(digits) + len(repeated) > 60:
        raise Unreadable("a period has too many digits")
    nines = (10 ** len(repeated) - 1) * 10 ** len(digits)
    above = int((whole + digits + repeated) or "0") - int((whole + digits) or "0")
    return Fraction(above, nines)
