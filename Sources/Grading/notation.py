"""How answers are written: what is rewritten before a comparison, and what an answer's form says.

Pure functions of text. Runs before grader.py in the same namespace.
"""

import re

MIXED_NUMBER = re.compile(
    r"(?<![\d.,/^_\\{}])([+-]?)(\d{1,3}(?:[ ,]\d{3})+|\d+)[ \t]+(\d+)/(\d+)(?!\d|[./]\d)"
    r"(\s*(?:\\?%|percent(?:age)?|pct))?"
)
REPEATING_DECIMAL = re.compile(r"(\d*)\.(\d*)\\overline\s*\{?(\d+)\}?")
SCIENTIFIC = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)[eE]([+-]?\d{1,3})\s*")
BASE = re.compile(r"^[\s$]*\w+_\{?(?:\\text\{)?(\d+|two|eight|ten|sixteen)")
DELIMITER = re.compile(r"(?<!\\)\$|\\\(|\\\[|\\boxed\s*\{")
IDEOGRAPH = "[\u3400-\u9fff]"
CHOICE = re.compile(r"\s*\(?([A-J])\)?\.?\s*")
# `(C) 12`, `C. twelve`, `C: 12`: a letter, a mark that sets it off, and what it stands for.
LABELLED_CHOICE = re.compile(r"(?:\(([A-J])\)|([A-J])\s*[.):])\s*\S.*", re.DOTALL)
# `C twelve`: without a mark only words may follow, for `C 12` may be a product.
WORDED_CHOICE = re.compile(r"([A-J])\s+(?!and\b|or\b)[A-Za-z]{2,}[\sA-Za-z]*")
TEXT_COMMAND = re.compile(r"\\(?:text|mathrm|textbf|mathbf|mbox)\s*\{([^{}]*)\}")
ASSIGNMENT = re.compile(r"\s*(\\?[A-Za-z]+(?:_\{?\w+\}?)?)\s*=\s*([^=<>]+?)\s*")
# A single value in square brackets is set off in prose; several are a list or an interval.
LONE_BRACKETS = re.compile(r"(?<!\\)\[([^\[\],;]+)\]")
DEEPEST_NESTING = 15
# Digits of one number: more, and its conversion takes longer than any comparison.
LONGEST_NUMBER = 400
TOWER = re.compile(r"\d+(?:\^\{?\d+)+\}*")
UNITS = {
    name: names[0]
    for names in (
        ("mm", "millimeter", "millimeters"), ("cm", "centimeter", "centimeters"),
        ("m", "meter", "meters", "metre", "metres"), ("km", "kilometer", "kilometers"),
        ("inch", "inches"), ("ft", "foot", "feet"), ("yd", "yard", "yards"),
        ("mile", "miles", "mi"), ("mg",), ("g", "gram", "grams"), ("kg", "kilogram", "kilograms"),
        ("lb", "lbs", "pound", "pounds"), ("second", "seconds", "sec"),
        ("minute", "minutes", "min"), ("hour", "hours", "hr"), ("day", "days"),
        ("week", "weeks"), ("year", "years"), ("degree", "degrees"), ("radian", "radians", "rad"),
        ("liter", "liters", "litre", "litres"), ("ml", "milliliter", "milliliters"),
        ("cent", "cents"), ("dollar", "dollars"),
    )
    for name in names
}
UNIT = re.compile(r"(?<=[\d}.)])\s*\\?,?\s*([A-Za-z]+)\s*(\^\{?[23]\}?)?\.?")
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
LONGEST_ANSWER = 2000
KNOWN_WORDS = {"pi", "sqrt", "sin", "cos", "tan", "log", "ln", "exp", "frac", "inf", "oo"}


def mixed_number(match):
    """The fraction for `4 4/9`; nothing when the fraction is not proper, for then it is none."""
    sign, whole, numerator, denominator, percent = match.groups()
    whole, above, below = int(re.sub("[ ,]", "", whole)), int(numerator), int(denominator)
    if not above < below:
        return ""
    above += whole * below
    if percent:
        below *= 100
    return f"{sign.replace('+', '')}{above}/{below}"


def repeating_decimal(match):
    """The fraction for `0.1\\overline{6}`."""
    whole, fixed, repeated = match.groups()
    if len(fixed) + len(repeated) > 50:
        return match.group(0)
    nines = (10 ** len(repeated) - 1) * 10 ** len(fixed)
    digits = int((whole + fixed + repeated) or "0") - int((whole + fixed) or "0")
    return f"\\frac{{{digits}}}{{{nines}}}"


def cleaned(text):
    """`text` with the notations that math-verify does not read put into ones that it reads."""
    text = text.replace("\\$", "").replace("\N{MINUS SIGN}", "-")
    text = text.replace("\\varnothing", "\\emptyset")
    # Chinese sets no spaces around its numbers and has punctuation of its own.
    text = re.sub("\N{IDEOGRAPHIC FULL STOP}", ". ", text)
    text = re.sub(f"(?<={IDEOGRAPH})(?=[\\dA-J-])|(?<=[\\dA-J])(?={IDEOGRAPH})", " ", text)
    text = REPEATING_DECIMAL.sub(repeating_decimal, text)
    text = MIXED_NUMBER.sub(mixed_number, text)
    scientific = SCIENTIFIC.fullmatch(text)
    if scientific:
        text = f"{scientific[1]} \\times 10^{{{scientific[2]}}}"
    return text


def is_bare(text):
    """Whether `text` is a formula by itself: no prose, no sign of where mathematics begins."""
    if not text.strip() or DELIMITER.search(text) or "\n" in text.strip():
        return False
    if re.search(IDEOGRAPH, text):
        return False
    without_names = re.sub(r"\\(?:text|mathrm|textbf|mbox)\s*\{[^{}]*\}", "", text)
    return all(word in KNOWN_WORDS for word in WORD.findall(without_names))


def boxed(text):
    """`text` as the content of a box, unless it says itself where its mathematics is."""
    return text if DELIMITER.search(text) else "\\boxed{" + text + "}"


def nesting(text):
    """How deep the brackets of `text` are nested, escaped ones not counted."""
    depth = deepest = 0
    for bracket in re.findall(r"(?<!\\)[{}]|[()\[\]]", text):
        depth = depth + 1 if bracket in "{([" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def choice_letter(text):
    """The letter that `text` chooses, alone or with what it stands for; None for anything else."""
    text = re.split(r"\banswer\s*(?:is|:)\s*", TEXT_COMMAND.sub(r"\1", text))[-1]
    text = text.strip().strip("$").strip()
    alone = CHOICE.fullmatch(text)
    if alone:
        return alone[1]
    labelled = LABELLED_CHOICE.fullmatch(text) or WORDED_CHOICE.fullmatch(text)
    return labelled and next(letter for letter in labelled.groups() if letter)


def is_huge_power(text):
    """Whether `text` is a power, or a tower of them, that has too many digits to be written out."""
    text = re.sub(r"[\s$]", "", text)
    if not TOWER.fullmatch(text):
        return False
    numbers = [int(number[:10]) for number in re.findall(r"\d+", text)]
    # From the top: an exponent beyond a million makes everything below it huge, but 1 and 0.
    exponent = 1
    for number in reversed(numbers[1:]):
        exponent = number ** min(exponent, 30) if number > 1 else number
        if exponent > 1_000_000:
            return numbers[0] > 1
    return exponent * len(str(numbers[0])) > 100_000


def unit(text):
    """The unit behind the number that ends `text`, with its power; None without a known one."""
    text = TEXT_COMMAND.sub(r" \1", text).strip().strip("$").strip()
    for match in UNIT.finditer(text):
        name = UNITS.get(match[1].lower() if len(match[1]) > 2 else match[1])
        if name and match.end() == len(text):
            return name, re.sub(r"\D", "", match[2] or "")
    return None


def is_tuple(text):
    """Whether `text` is one pair of round brackets around several entries."""
    text = re.sub(r"\\(?:left|right|[,;: ])|[\s$]", "", text)
    return re.fullmatch(r"\([^()]*,[^()]*\)", text) is not None


def listed(text):
    """The entries of a list or set in text, without its braces; None when it is neither."""
    text = re.sub(r"\\(?:left|right)(?![a-z])|\$", "", text).strip()
    braced = re.fullmatch(r"\\\{(.*)\\\}", text)
    entries = braced[1] if braced else text
    return entries if "," in entries and not re.search(r"[()\[\]<>=]|\\[{}]", entries) else None


def solutions(text):
    """Assignments as solutions, one dictionary of values by name each; None when it is not that.

    A name that returns begins the next solution.
    """
    text = re.sub(r"\\(?:text|mathrm)\s*\{\s*(and|or)\s*\}|\b(?:and|or)\b", ";", text)
    text = re.sub(r"\\q?quad|\\[,;: ]|\$", " ", text)
    found = [{}]
    for item in re.split(r"[,;]", text):
        if not item.strip():
            continue
        assignment = ASSIGNMENT.fullmatch(item)
        if not assignment:
            return None
        name = assignment[1].replace("{", "").replace("}", "")
        if name in found[-1]:
            found.append({})
        found[-1][name] = assignment[2]
    return found if sum(map(len, found)) > 1 else None


def plain(text):
    """`text` as the comparison of texts sees it."""
    text = TEXT_COMMAND.sub(r"\1", text)
    text = re.sub(r"\\[,;:!\s]|[\s$~{}]", "", text)
    text = text.removesuffix(".")
    inner = re.fullmatch(r"\(([A-Za-z])\)", text)
    return (inner[1] if inner else text).casefold()


def canonical_number(value):
    """Six decimals, as math-verify compares; six digits for what is tiny; no trailing zeros."""
    parts = []
    for part in (value.real, value.imag):
        digits = f"{part:.6f}" if abs(part) >= 1e-3 or part == 0 else f"{part:.5e}"
        parts.append(digits.rstrip("0").rstrip(".") if "e" not in digits else digits)
    return parts[0] if value.imag == 0 else f"{parts[0]}+({parts[1]})i"
