"""Answers that are made to cost time or memory, or to be read as something else.

    grading_bombs.py [--faults FILE]

Writes JSON lines {"id", "gold", "prediction", "kind"}: the handed ones of FILE and others of their
kind. None of them is right; none may end as a timeout or an error.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from answers.bomb_formulas import functions, lists, matrices, programs, tasks, towers, trees

HANDED = "bomb or reward trick"
EXPRESSION, LIST, INTERVAL, MATRIX = (
    "x^2 + 1",
    "1, 2, 3",
    "(2, 5)",
    "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
)
RUNS = (
    "7", "0", " ", "\\ ", "\\,", "{", "}", "{}", "(", ")", "()", "[", "\\left(", "\\right)", "-",
    "+-", "--", "*", "^", "^2", "_1", "\\\\", "\\", "$", "$$", "x", "x ", "a,", ",", ",,", "1,",
    "1 ", "1,000", "1 1/1 ", "1/", ".", "..", "1.", "0.", "=", "x=", "x=1,", "<", "1<", "\\le ",
    "\\text{", "\\text{a}", "\\text{and}", " and ", " or ", "or1", "\\frac", "\\frac{1}{",
    "\\frac1", "\\sqrt", "\\sqrt{", "\\boxed{", "\\pm", "\\cdot ", "\\overline{", "\\overline{1}",
    "!", "%", "\\%", "\\$", "^\\circ", "e", "1e1", "E9", "i", "\\pi", "\\infty", "|", "\\|", "\\{",
    "\\}", "\\begin{", "\\end{", "&", "\\begin{array}", "~", "\n", "\t", "\\n", "\\!", "\\quad ",
    "(A)", "A. ", "A", "answer ", "\\mathrm{", "\\color{", "\\dot", "\\mathbb{R}", "\\in ",
    "\\cup ", "(1,2)", "(1,2)\\cup", "3!", "\\binom", "sqrt(", "Matrix([", "Interval(", "1*", "2**",
    "x**", "\\operatorname{",
    "approx ", "(approx", "\\text{ attained", "is  is  ", "rounded to the nearest ", "correct to ",
    " where ", "for some ", ", a", " a , b", "n \\in ", "\\in \\mathbb{Z} ", "the answer is ",
    "so, ", "thus: ", "in simplest ", "\\text{, (", "\\setminus ", "3 hours ", "\\text{ cm}",
    "^2^3", "1{,}000", "1,\\!000", "0.\\dot{3}", "\\overset{1}{", "_{", "^{", "'", "\\prime",
    "\\frac{d}{dx}", "e^{-9}", "x_1=1,", "|x", "\\left|", "\\right|", "\\lfloor ", "\\mod ",
    "\\pmod{", "1:1", "\\colon ", "1 to ", "½", "²", "\\substack{", "\\color{red}",
    "\\text{\\text{", "\\mathrm{e}", "\\dfrac{-", "- -", "\\cdot\\cdot", "e", "E", "1e-", "oo",
    "sqrt", "pi", "{1}", "(1)", "[1]", "<1>", "\\langle ", "\\ne ", "!=", "==", ":=", "->", "\\to ",
    "\\iff ", "\\land ", "\\sim ",
)


def runs() -> Iterator[str]:
    """One piece repeated: what regular expressions that backtrack are afraid of."""
    for piece in RUNS:
        yield piece * (1900 // len(piece))
    for piece in (
        "7",
        "(",
        "{",
        "-",
        "^2",
        " ",
        "1,",
        "\\text{a",
        "a,",
        "\\frac{1}{",
        "\\\\",
        "x",
        "()",
        "1 1/1 ",
    ):
        yield piece * (20_000 // len(piece))
        yield piece * (300 // len(piece)) + "!"
        yield piece * (1800 // len(piece)) + "x=" + piece


def floods() -> Iterator[str]:
    """Characters of other scripts, combining ones, and what no text should contain."""
    for character in (
        "\N{COMBINING ACUTE ACCENT}",
        "\N{ZERO WIDTH SPACE}",
        "\N{ZERO WIDTH JOINER}",
        "\N{FULLWIDTH DIGIT SEVEN}",
        "½",
        "²",
        "√",
        "∞",
        "\N{MINUS SIGN}",
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}",
        "\N{RIGHT-TO-LEFT OVERRIDE}",
        "\N{IDEOGRAPHIC FULL STOP}",
        "数",
        "\N{GRINNING FACE}",
        "\N{MATHEMATICAL BOLD DIGIT FIVE}",
        "\N{SUPERSCRIPT NINE}",
        "\x00",
        "\x7f",
        "\ufffd",
        "\N{ARABIC-INDIC DIGIT FIVE}",
        "\N{ROMAN NUMERAL FIVE}",
        "\N{VULGAR FRACTION ONE HALF}√",
        "\N{LINE SEPARATOR}",
        "\N{HANGUL FILLER}",
    ):
        yield character * 600
        yield "6" + character * 300
    yield "".join(chr(code) for code in range(0x2190, 0x2400))
    yield "".join(chr(code) for code in range(0x1D400, 0x1D800))
    yield "9" + "\N{SUPERSCRIPT NINE}" * 40


def digits() -> Iterator[str]:
    """Numbers with thousands of digits, alone and inside of formulas."""
    for length in (401, 1500, 4301, 9000):
        yield "7" * length
        yield "0." + "3" * length
    yield "\\frac{" + "7" * 900 + "}{" + "3" * 900 + "}"
    yield "\\sqrt{" + "7" * 390 + "}"
    yield "\\sqrt{" + "7" * 1500 + "}"
    yield "\\log_{2} " + "7" * 390
    yield "+".join(["7" * 380] * 5)
    yield "*".join(["7" * 90] * 20)
    yield "(" + "7" * 390 + ")^{" + "7" * 390 + "}"
    yield "x^{" + "7" * 390 + "}"
    yield "7" * 390 + "!"
    yield "\\binom{" + "7" * 390 + "}{" + "3" * 390 + "}"
    yield "\\sin(" + "7" * 390 + ")"
    yield "1_{" + "9" * 400 + "}"
    yield "1" * 390 + "_2"
    yield "1e" + "9" * 390
    yield "0." + "0" * 390 + "1"
    yield "0.\\overline{" + "142857" * 60 + "}"
    yield "\\frac{1}{" + "7" * 390 + "}"
    yield "e^{-" + "7" * 390 + "}"
    yield "5." + "0" * 1000 + "1e999"
    yield "0x" + "f" * 1800
    yield "[" + "7" * 390 + "](" + "7" * 390 + ")"


FAMILIES = (
    ("tower", towers, "5"),
    ("explosion", trees, EXPRESSION),
    ("slow function", functions, "5"),
    ("endless task", tasks, "5"),
    ("matrix", matrices, MATRIX),
    ("long list", lists, LIST),
    ("run of one piece", runs, "5"),
    ("unicode flood", floods, "5"),
    ("digits", digits, "5"),
    ("program", programs, "7"),
)
# Some families also against an expected answer that makes the comparer work.
AGAIN = (
    ("tower", towers, "x^{10} + 3x - 2"),
    ("explosion", trees, "\\sqrt{2} + \\sqrt{3}"),
    ("slow function", functions, "\\sin x + \\cos^{2} x"),
    ("long list", lists, ", ".join(f"\\sqrt{{{k}}}" for k in range(3, 63))),
    ("matrix", matrices, EXPRESSION),
    ("long list", lists, INTERVAL),
    ("endless task", tasks, "\\frac{\\pi^2}{6}"),
    ("explosion", trees, "(a+b)^{20}"),
)


def handed(path: Path) -> Iterator[dict[str, str]]:
    """The handed bombs that must not be right."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] == HANDED and row["expected"] in ("not right", "not timeout"):
                yield {
                    "id": row["id"],
                    "gold": row["gold"],
                    "prediction": row["prediction"],
                    "kind": "handed",
                }


def bombs() -> Iterator[dict[str, str]]:
    """The bombs made here."""
    for group, families in (("", FAMILIES), ("-again", AGAIN)):
        for kind, family, gold in families:
            for index, text in enumerate(family()):
                identifier = f"{kind.replace(' ', '-')}{group}-{gold[:6].strip()}-{index}"
                yield {
                    "id": identifier,
                    "gold": gold,
                    "prediction": f"\\boxed{{{text}}}",
                    "kind": kind,
                }


def main() -> None:
    """Writes the bombs to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--faults", type=Path, default=Path("../shared/data/faults/grading.jsonl"))
    arguments = parser.parse_args()
    if arguments.faults.exists():
        for bomb in handed(arguments.faults):
            sys.stdout.write(json.dumps(bomb) + "\n")
    for bomb in bombs():
        sys.stdout.write(json.dumps(bomb) + "\n")


if __name__ == "__main__":
    main()
