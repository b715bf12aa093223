"""The verdict on one answer: right, wrong, unparsed, or that the expected answer cannot be read."""

import re

from . import library
from .answers import bare, choice, is_lone_letter, plain, prepared, read
from .canonical import canonical
from .equality import Undecided, is_equal
from .prose import candidates, formulas
from .tasks import Unequal, may_be_asked
from .trees import Unreadable, task_forms

LONGEST_ANSWER = 2_000
LONGEST_PROSE = 20_000
LONGEST_EXPECTED = 20_000
ANNOUNCEMENT = re.compile(r"^.*\banswer\b\s*(?:is|:)\s*", re.DOTALL)
ONE_GROUPED = re.compile(r"[-+\\$\s]*\d{1,3},\d{3}[\s$]*")
DECIMAL_COMMA = re.compile(r"\s*(-?\d+),(\d+)\s*")


def verdict(gold, answer, form):
    """The outcome, and the answer's canonical form.

    form: `boxed` for the content of a box, `text` for prose that is searched for its final answer,
    `expected` to read the expected answer only.
    """
    if form == "expected":
        return "right", canonical(read(gold, is_expected=True))
    # Sizes come first: no regular expression sees a text that is too long.
    if len(gold) > LONGEST_EXPECTED:
        return "gold_unparsed", ""
    if len(answer) > (LONGEST_PROSE if form == "text" else LONGEST_ANSWER):
        return ("right" if gold.strip() == answer.strip() else "unparsed"), ""
    if not plain(answer):
        return "unparsed", ""
    if plain(gold) in (plain(answer), plain(bare(answer))):
        return "right", canonical(read(answer)) if len(answer) <= LONGEST_ANSWER else ""
    return _verdict_on_prose(gold, answer) if form == "text" else _verdict(gold, answer)


def _verdict(gold, answer):
    expected, given = read(gold, is_expected=True), read(answer)
    if expected.kind == "text" and re.search(r"\banswer\b", gold):
        # The expected answer is a sentence, or more: it is searched as prose is.
        found = [read(each) for each in candidates(gold, False)]
        expected = next((each for each in found if each.kind == "tree"), expected)
    chosen = choice(ANNOUNCEMENT.sub("", gold)), choice(answer)
    is_variable = re.fullmatch(r"[\s$]*[a-z][\s$]*", gold) and re.fullmatch(r"[\s$]*[A-Z][\s$]*", answer)
    if all(chosen) and not is_variable and (is_lone_letter(gold) or is_lone_letter(answer)):
        return "right" if chosen[0] == chosen[1] else "wrong", chosen[1]
    if chosen[0] and is_lone_letter(gold) and gold.strip("$ ").startswith(("\\text", "(")):
        return ("unparsed" if given.kind == "text" else "wrong"), canonical(given)
    try:
        if _is_right(gold, answer, expected, given):
            return "right", canonical(given)
    except Unreadable:
        return "unparsed", canonical(given)
    if expected.kind == "text" and _is_broken(gold):
        return "gold_unparsed", canonical(given)
    if given.kind == "text" and not _is_words(answer):
        return "unparsed", given.text
    return "wrong", canonical(given)


def _is_right(gold, answer, expected, given):
    """Whether one of the readings of the two texts is equal; throws Unreadable for none of the answer."""
    if _is_equal(gold, answer, expected, given):
        return True
    comma = DECIMAL_COMMA.fullmatch(prepared(answer))
    if comma and expected.kind == "tree" and expected.tree.kind not in ("list", "set_of", "tuple"):
        return _is_equal(gold, answer, expected, read(f"{comma[1]}.{comma[2]}"))
    if re.search(r"\d,\d{3}(?!\d)", gold + answer) and not ONE_GROUPED.fullmatch(gold):
        # A comma may part entries where it could group digits: then it does so in both.
        return _is_equal(gold, answer, read(gold, False, True), read(answer, False))
    return False


def _is_equal(gold, answer, expected, given):
    try:
        return is_equal(expected, given)
    except (Undecided, Unequal):
        if expected.tree == given.tree:
            return True
        if not task_forms(expected.tree) - {"big power"}:
            return False
        if not may_be_asked(expected.tree, given.tree):
            return False
        return library.are_equal(prepared(gold), prepared(answer))


def _is_broken(gold):
    """Whether an expected text is a formula that cannot be read."""
    text = plain(gold)
    return not text or "\\" in text or gold.count("{") != gold.count("}")


def _is_words(answer):
    """Whether an answer that is no mathematics is a text by itself: words, and no broken formula."""
    text = plain(answer)
    return len(text) > 0 and all(each.isalpha() or each in " .,'’()&/-" for each in text)


def _verdict_on_prose(gold, answer):
    """The verdict on a text without a box: on the whole of it, or on what is found in it."""
    formula = re.fullmatch(r"\s*\$+([^$]+)\$+\s*\.?", answer)
    whole = formula[1] if formula else answer
    # Arithmetic of matrices has no value here.
    if any("\\begin" in each and library.are_equal(prepared(gold), each) for each in formulas(answer)):
        return "right", ""
    outcome, text = ("unparsed", "")
    if len(whole) <= LONGEST_ANSWER and (formula or read(whole).kind != "text" or choice(whole)):
        outcome, text = _verdict(gold, whole)
        if outcome != "unparsed":
            return outcome, text
    found = candidates(answer, bool(choice(gold)))
    for candidate in found:
        if read(candidate).kind == "text" and read(gold).kind == "tree" and not choice(gold):
            continue
        outcome, text = _verdict(gold, candidate)
        if outcome in ("right", "wrong"):
            return outcome, text
    return outcome if outcome == "gold_unparsed" else "unparsed", text
