"""What an answer is: number, expression, list, tuple, set, matrix, relation, choice, text.

Reads the whole text of an answer, the closed list of remarks aside, or says that it is only text.
"""

import re
from typing import NamedTuple

from . import vocabulary
from .characters import characters, spelled
from .parser import parsed
from .remarks import without_remarks
from .trees import Node, Unreadable, walk

TEXT_COMMAND = re.compile(
    r"\\(?:text|mathrm|textbf|mathbf|mbox|textrm|textit|operatorname|boldsymbol)\s*\{([^{}]*)\}"
)
# A single letter of a text command may be a unit or a choice: it is no variable.
PLAIN_TEXT = re.compile(
    r"\\(?:text|mathrm|textbf|mathbf|mbox|textrm|textit|operatorname|boldsymbol)\s*"
    r"\{((?!\s*[A-Za-z]\s*\})[^{}]*)\}"
)
WORD_RUN = re.compile(r"[A-Za-z]{4}")
SHORT_WORDS = {"no", "yes"}
LETTER = re.compile(r"\(?\s*([A-Za-z])\s*\)?\s*[.:]?")
WORDED_LETTER = re.compile(
    r"(?:(?:the\s+)?(?:correct\s+)?(?:option|choice|answer|statement)s?(?:\s+is)?\s*[:=]?\s*)"
    r"\(?([A-Z])\)?\s*\.?",
    re.IGNORECASE,
)
# `(C) 12`, `C. twelve`, `C: 12`, `E - text`: a letter, a mark that sets it off, and what it stands for.
LABELLED_LETTER = re.compile(
    r"(?:(?:option|choice|answer)\s*:?\s*)?(?:\(\s*([A-Z])\s*\)|([A-Z])\s*(?:[.):]|\s-(?=\s)))\s*\S.*",
    re.DOTALL | re.IGNORECASE,
)
# `C twelve`: without a mark only words may follow, for `C 12` may be a product.
PLAIN_LABEL = re.compile(r"([A-Z])\s+(?!\s|and\b|or\b|not\b)[A-Za-z]{2,}[\sA-Za-z]*")
# A second letter that is set off: then nothing is chosen.
ONLY_LETTERS = re.compile(r"[\s.,;:)(-]*[A-Z](?:[\s.,;:()-]+[A-Z])*[\s.)]*")
ANOTHER_LETTER = re.compile(r"\([A-Z]\)|(?<![A-Za-z])[A-Z][.):](?!\d)|\bor\s+[A-Z]\b|\band\s+[A-Z]\b")
MODULE = re.compile(r"(?<![A-Za-z\\])(?:np|numpy|sp|sympy|math|mpmath|mp|cmath|S|fractions)\.(?=[A-Za-z])")
NUMBER_TYPE = re.compile(r"(?<![A-Za-z\\])(?:(?:float|int|uint|complex)\d+|mpf|mpc|Decimal)\(['\"]?([^()'\"]*)['\"]?\)")
SYSTEM = re.compile(r"\\\{\s*\\begin\s*\{array\}\s*\{[lcr]*\}(.*)\\end\s*\{array\}\s*$", re.DOTALL)
CONNECTED = re.compile(r"(?<=\))\s*([|&])\s*(?=\(|[A-Z][a-z]+\()")
POLYNOMIAL = re.compile(r"(?<![A-Za-z])Poly\(([^,()]*(?:\([^()]*\)[^,()]*)*),[^()]*\)")
SYMPY_INTERVAL = re.compile(r"Interval\(([^()]*),\s*(True|False),\s*(True|False)\)")
NAME = (
    r"(?:m\s*)?\\(?:angle|triangle)\s*[A-Z]{1,4}|\\(?:text|mathrm|mbox|textbf|operatorname)\s*\{[^{}]*\}"
    r"(?:_\{?\w+\}?)?|[A-Z]{2,4}|\|\s*[A-Z]\s*\||\\(?:max|min)(?:\s*[a-zA-Z])?|(?:[A-Z]|\\Pr|\\mathbb\s*\{?[PE]\}?)\s*[(\[][^()\[\]]*[)\]]|\\overline\s*\{\s*[A-Z]{1,4}\s*\}|\|\s*[A-Z]{2}\s*\|"
    r"|\\?[A-Za-z]+_(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\?[A-Za-z0-9]+)|\[\s*[A-Z]{3,6}\s*\]"
    r"|[A-Z]\s*\(\s*[A-Za-z](?:\s*[,|]\s*[A-Za-z])*\s*\)|[A-Za-z]{3,20}(?:\s+[A-Za-z]{1,20}){0,4}"
)
NAMED = re.compile(rf"\s*(?:{NAME})\s*=\s*(?=[^=\s])")
CLOCK = re.compile(r"\s*(\d{1,2}):([0-5]\d)(?::([0-5]\d))?\s*(a\.?m\.?|p\.?m\.?)?\s*", re.IGNORECASE)
HOUR = re.compile(r"\s*(\d{1,2})\s*(a\.?m\.?|p\.?m\.?)\s*", re.IGNORECASE)
ALL_REALS = {"allrealnumbers", "allreals", "realnumbers", "thesetofrealnumbers", "therealnumbers"}
PROSE = re.compile(r"[A-Za-z][A-Za-z'\-]*(?:[\s,]+[A-Za-z][A-Za-z'\-]*)*")


class Answer(NamedTuple):
    """What an answer is.

    kind: `tree` for mathematics, `clock` for a time with its half of the day, `text`. tree: what was read.
    name: what the answer is said to be the value of. text: the plain text, for the comparison of texts.
    value: the time of day that a text also is: `8:21` may be a ratio.
    """

    kind: str
    text: str
    tree: Node | None = None
    name: str | None = None
    value: object = None


def plain(text):
    """`text` as the comparison of texts sees it: without spaces, text commands, a full stop.

    Words lose their case. Braces stay around more than one character: `2^{n-1}` is not `2^n-1`.
    """
    text = re.sub(r"\s+", " ", text)
    text = spelled(characters(text))
    is_worded = "\\text" in text
    text = PLAIN_TEXT.sub(r"\1", PLAIN_TEXT.sub(r"\1", text))
    # Two numbers side by side are not one.
    text = re.sub(r"(?<=\d)\s+(?=\d)|(?<=\d,)\s+(?=\d{3}(?!\d))", "_", text.strip())
    text = re.sub(r"(?<=\d)\{(?=\d)", "_", text)
    text = re.sub(r"[\s$~]", "", text).removesuffix(".")
    text = re.sub(r"\{(\w|\\[A-Za-z]+|)\}", r"\1", text)
    text = re.sub(r"^\{([^{}]*)\}$", r"\1", text)
    inner = re.fullmatch(r"\(([A-Za-z])\)", text)
    text = inner[1] if inner else text
    is_words = (is_worded or WORD_RUN.search(text)) and not re.search(r"[0-9\\^_=+*/<>|]", text)
    return text.casefold() if is_words or text.casefold() in SHORT_WORDS else text


def prepared(text):
    """`text` in one spelling, without dollar signs and Python's module names."""
    text = spelled(characters(re.sub(r"\s+", " ", text)))
    text = re.sub(r"(?<!\\)\$|\\[()\[\]]", " ", text)
    text = re.sub(r"\\{2,}(?=[()\[\]])", " ", text)
    # A system of equations behind one brace.
    text = SYSTEM.sub(r"\1", text)
    text = NUMBER_TYPE.sub(r"(\1)", MODULE.sub("", text))
    # numpy prints whole floats with a lone point; sympy joins conditions by `&` and `|`.
    text = re.sub(r"(?<=\d)\.(?=\s*[,\])])", "", text)
    text = CONNECTED.sub(lambda match: "\\lor " if match[1] == "|" else "\\land ", text)
    text = SYMPY_INTERVAL.sub(_interval, POLYNOMIAL.sub(r"\1", text))
    text = re.sub(r"^\s*(['\"])(.*)\1\s*$", r"\2", text)
    # An approximation in brackets: it must round the value before it.
    text = re.sub(r"[,;\s]*\(\s*\\approx([^()]*)\)\s*$", r" \\approx \1", text)
    text = re.sub(r"\bInterval\.(open|Lopen|Ropen)", lambda m: f"Interval{m[1].capitalize()}", text)
    text = re.sub(r"\*\*\s*(.*?)\s*\*\*$", r"\1", text.strip()) if text.startswith("**") else text
    text = re.sub(r"\\(text|mathrm|mbox)\s*\{\s*([^{}]*\S)\s+(and|or|to)\s*\}", r"\\text{\2}\\text{\3}", text)
    text = re.sub(r"\\(text|mathrm|mbox)\s*\{\s*(?:,\s*)?(and|or)\s+([^{}]*\S)\s*\}", r"\\text{\2}\\text{\3}", text)
    text = re.sub(r"\\(text|mathrm|mbox)\s*\{\s*,?\s*(and|or|to)\s*,?\s*\}", r"\\text{\2}", text)
    text = re.sub(r"\\(text|mathrm|mbox)\s*\{\s*([,;.])?\s*\}", r"\2", text)
    text = re.sub(r"(?<![A-Za-z\\])((?:square|cubic|sq\.?|cu\.?)\s+[a-z]+)\s*$", r"\\text{\1}", text)
    if "\\begin" in text:
        return text
    # A row that begins with an equals sign goes on with the chain of the row before.
    return re.sub(r"\\\\\s*&?\s*(?==)", " ", text).replace("&", " ")


def _interval(match):
    """`Interval(2, 3, True, False)`: the last two say which ends are open."""
    kind = {("True", "True"): "Open", ("True", "False"): "Lopen", ("False", "True"): "Ropen"}
    return f"Interval{kind.get((match[2], match[3]), '')}({match[1]})"


def choice(text):
    """The capital letter that `text` chooses, alone or with what it stands for; None for others."""
    bare = TEXT_COMMAND.sub(r" \1 ", TEXT_COMMAND.sub(r" \1 ", prepared(text))).replace("~", " ")
    bare = re.sub(r"\\[,;:! ]|[{}]", " ", bare).strip().strip("*").strip()
    for pattern in (LETTER, WORDED_LETTER):
        match = pattern.fullmatch(bare)
        if match:
            return match[1].upper()
    for pattern in (LABELLED_LETTER, PLAIN_LABEL):
        match = pattern.fullmatch(bare)
        if match:
            letter = next(each for each in match.groups() if each)
            rest = bare[match.end(match.lastindex):]
            is_alone = letter.isupper() and not ONLY_LETTERS.fullmatch(rest)
            is_alone = is_alone and not ANOTHER_LETTER.search(rest.lstrip("). :"))
            return letter if is_alone else None
    return None


def is_lone_letter(text):
    """Whether `text` is one letter, perhaps in brackets or a text command."""
    bare = TEXT_COMMAND.sub(r"\1", TEXT_COMMAND.sub(r"\1", prepared(text)))
    return LETTER.fullmatch(re.sub(r"[{}]", "", bare).strip()) is not None


def clock(text):
    """The time of day that `text` is, as hour, minute, second, half of the day; None for others."""
    bare = TEXT_COMMAND.sub(r"\1", prepared(text)).strip()
    match = CLOCK.fullmatch(bare)
    if match:
        half = (match[4] or "").replace(".", "").lower()
        return int(match[1]), int(match[2]), int(match[3] or 0), half
    match = HOUR.fullmatch(bare)
    if match:
        return int(match[1]), 0, 0, match[2].replace(".", "").lower()
    return None


def read(text, grouping=True, is_expected=False):
    """What `text` is. Never throws: what cannot be read is text.

    is_expected: whether it is the expected answer, which may say what its letters stand for.
    """
    if plain(text) in ALL_REALS:
        text = r"\mathbb{R}"
    time = clock(text)
    if time is not None and time[3]:
        return Answer("clock", plain(text), value=time)
    ready = bare(text, is_expected)
    name = None
    named = NAMED.match(ready)
    if named and "=" not in ready[named.end():]:
        name = plain(named[0]).removesuffix("=")
        ready = ready[named.end():]
    if is_prose(ready) or has_sentence(ready):
        return Answer("text", plain(text), name=name)
    try:
        tree = parsed(ready, grouping)
    except (Unreadable, RecursionError):
        return Answer("text", plain(text), name=name)
    return Answer("tree", plain(text), tree, name, value=time)


def bare(text, is_expected=False):
    """`text` in one spelling without remarks and without a text command around all of it."""
    ready = unwrapped(without_remarks(prepared(text), is_expected).strip())
    ready = without_remarks(ready, is_expected).strip()
    # What a wrapper leaves: `{x = 5}`; with a comma it may be a set.
    group = re.fullmatch(r"\{((?:[^{},:]|\{[^{}]*\})*)\}", ready)
    if group and re.search(r"\\(?:choose|over)(?![a-z])", group[1]):
        return ready
    return group[1].strip() if group else ready


def unwrapped(text):
    """The content of a text command that is all of `text`."""
    match = re.fullmatch(r"\\(?:text|mathrm|textbf|mathbf|mbox|textrm|textit)\s*\{([^{}]*)\}", text)
    if not match:
        return text
    inner = match[1].strip()
    quantity = re.fullmatch(r"([-+]?[\d.,/ ]*\d)\s*([A-Za-z][A-Za-z ]*)((?:\^[23])?)", inner)
    if quantity and (quantity[2] in vocabulary.UNITS or quantity[2].lower() in vocabulary.UNITS):
        return f"{quantity[1]}\\text{{{quantity[2]}}}{quantity[3]}"
    said = without_remarks(inner).strip()
    return inner if re.search(r"[\d()\\=]", inner) or said != inner else text


def is_prose(text):
    """Whether `text` is words and no formula: a run of letters that no product is written as."""
    bare = TEXT_COMMAND.sub(r"\1", text).strip()
    if not PROSE.fullmatch(bare):
        return False
    words = re.findall(r"[A-Za-z]+", bare)
    longest = max(words, key=len)
    known = vocabulary.FUNCTIONS | set(vocabulary.FUNCTION_SPELLINGS) | set(vocabulary.SETS)
    known |= set(vocabulary.CONSTANTS) | vocabulary.GREEK_LETTERS
    return any(
        len(word) >= 4 and not any(word.startswith(name) for name in known if len(name) > 1)
        for word in words
    ) or "\\text" in text and len(longest) >= 2 and longest not in known


def has_sentence(text):
    """Whether two words that are no names of mathematics stand side by side outside of text commands."""
    bare = re.sub(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?", "|", text)
    for first, second in re.findall(r"(?<![A-Za-z])(?=([A-Za-z]{2,})[ ,]+([A-Za-z]{2,}))", bare):
        if not {first, second} & _KNOWN_RUNS:
            return True
    return False


_KNOWN_RUNS = vocabulary.GREEK_LETTERS | (
    vocabulary.FUNCTIONS | set(vocabulary.FUNCTION_SPELLINGS) | vocabulary.PYTHON_FUNCTIONS
    | set(vocabulary.CONSTANTS) | set(vocabulary.SETS) | set(vocabulary.UNITS) | vocabulary.COUNTED
    | set(vocabulary.MULTIPLIERS) | vocabulary.PERCENT | {"and", "or", "to", "mod", "in"}
)


def has_constant(tree, name):
    """Whether a constant of this name is part of the tree."""
    return any(part.kind == "constant" and part.value == name for part in walk(tree))


def renamed(tree, names):
    """The tree with some variables put as constants: `I` as i, `E` as e."""
    if tree.kind == "symbol" and tree.value in names:
        return Node("constant", (), names[tree.value])
    parts = tuple(renamed(part, names) if isinstance(part, Node) else part for part in tree.args)
    return tree._replace(args=parts) if parts != tree.args else tree
