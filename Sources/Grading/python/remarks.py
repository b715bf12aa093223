"""The closed list of what may stand beside an answer without being part of it.

Everything else that is left over makes a text unreadable. The list, with its reasons: configs/README.md.
Each pattern begins at a word, so that its cost is proportional to the text.
"""

import re

_TEXT = r"\\(?:text|mathrm|mbox|textbf|textrm|textit|operatorname|mathbf) ?\{ ?"
# What may introduce an answer.
_INTRODUCTION = (
    r"(?:(?:thus|so|hence|therefore|then)\b[,:]? ?)?"
    r"(?:(?:the )?(?:(?:final|correct|minimum|maximum|minimal|maximal|smallest|largest|least|greatest"
    r"|required|desired|exact|total) )?(?:answer|result|value|solution|total|probability|sum)s?"
    r"(?: (?:is|are)(?![a-z]) ?:?| ?[:=])|ans ?[:=.]|(?:thus|so|hence|therefore)\b[,:]?"
    r"|(?:approximately|approx|about|roughly|exactly|equals|it is)\b\.?) ?"
)
INTRODUCTION = re.compile(
    rf" ?(?:{_TEXT}{_INTRODUCTION}\}}|{_INTRODUCTION}) ?[:=]? ?(?=\S)", re.IGNORECASE
)
_PLACE = (
    r"(?:whole number|integer|tenth|hundredth|thousandth|ten-thousandth|cent|degree|percent|unit"
    r"|dollar|minute|second|inch|foot|meter|mile)s?"
)
# How exact an answer is.
EXACTNESS = re.compile(
    r"(?<![A-Za-z\\])(?:approx(?:\.|imately)?|exact(?:ly)?|rounded(?: (?:up|down|off))?"
    rf"(?: to(?: the)?(?: nearest {_PLACE}| [a-z0-9]+ (?:decimal|significant)[a-z ]*))?"
    rf"|to the nearest {_PLACE}|correct to [a-z0-9 ]{{1,40}}|in (?:simplest|lowest|reduced) (?:form|terms)|simplified)"
    r"[ .})]*$",
    re.IGNORECASE,
)
# Where a value is taken: an extremum has a place beside its value.
ATTAINED = re.compile(
    r"(?<![A-Za-z\\])(?:is )?(?:attained|achieved|reached|obtained|taken|occurr?ing|occurs) "
    r"(?:at|when|for|if|by)\b",
    re.IGNORECASE,
)
# What the variables of an answer run through: it must name one of them, and give it no value.
QUALIFIER = re.compile(
    r"(?<![A-Za-z\\])(?:for (?:some|all|any|every|each|integers?|real|arbitrary)|where|with|such that)\b",
    re.IGNORECASE,
)
# Words that make a remark say another value, or when the answer does not hold.
HEDGE = re.compile(r"(?<![A-Za-z\\])(?:otherwise|but|no|not|except|unless|or|else)\b", re.IGNORECASE)
GIVEN_VALUE = re.compile(
    r"[1-9]|=|(?<![A-Za-z\\])(?:is|are|equals?|being|and|if|odd|even|prime|positive|negative)\b"
    r"|\\(?:approx|equiv|to|rightarrow)"
)
GIVEN_KIND = re.compile(r"(?<![A-Za-z\\])(?:is|are|and|if|odd|even|prime)\b")
MEMBERSHIP = re.compile(
    r"[ ,;(](?P<name>[a-zA-Z](?:_\{?\w\}?)?(?: ?, ?[a-zA-Z])*) ?\\in ?"
    r"(?:\\mathbb ?\{? ?[RZNQC] ?\}?|[ZRNQ](?![a-zA-Z]))(?:[\^_]\{?[+\-*\d]\}?)?[ )]*$"
)
_TRAILING = re.compile(r"(?:[ .,;:]|\\[,;:])+$")
_OPENING = re.compile(r"(?:[ ,;(]|\\(?:text|mathrm|mbox|textbf|textrm|textit|operatorname|mathbf) ?\{)+$")
_COMMAND = re.compile(r"\\[A-Za-z]+")


def without_remarks(text, is_expected=False):
    """`text` without what the closed list allows beside an answer.

    is_expected: whether it is the expected answer, which may say what a letter stands for.
    """
    text = re.sub(r"\s+", " ", text)
    match = INTRODUCTION.match(text)
    text = _without_full_stop(text[match.end():] if match else text)
    for pattern in (ATTAINED, EXACTNESS):
        match = pattern.search(text)
        if match and not HEDGE.search(text, match.end()):
            text = _before(text, match.start()) or text
    return _without_full_stop(_without_qualifier(text, is_expected))


def _before(text, position):
    """What stands before a remark, without the bracket, comma or command that opens it."""
    return _OPENING.sub("", text[:position][-200:]) if position <= 200 else (
        text[: position - 200] + _OPENING.sub("", text[position - 200 : position])
    )


def _without_full_stop(text):
    """`text` without the punctuation of its sentence; dots of a list and a lone backslash stay."""
    if text.endswith("..."):
        return text
    match = _TRAILING.search(text[-40:])
    shortened = text[: len(text) - len(match[0])] if match else text
    return shortened if shortened else text


def _without_qualifier(text, is_expected):
    """`text` without the range of one of its own variables."""
    match = MEMBERSHIP.search(text[-80:])
    if match:
        before = text[: len(text[:-80]) + match.start()]
        if before and set(re.findall("[A-Za-z]", match["name"])) & _letters(before):
            return before
    match = QUALIFIER.search(text)
    if not match:
        return text
    before, rest = _before(text, match.start()), text[match.end():]
    gives_value = (GIVEN_KIND if is_expected else GIVEN_VALUE).search(rest) or HEDGE.search(rest)
    return before if before and not gives_value and _letters(rest) & _letters(before) else text


def _letters(text):
    return set(re.findall(r"[A-Za-z]", _COMMAND.sub(" ", text))) | set(_COMMAND.findall(text))
