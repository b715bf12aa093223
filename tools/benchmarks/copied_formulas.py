"""Every formula of the statements of MATH-500, boxed as an answer to its own problem.

    copied_formulas.py [--data FOLDER]

Reads FOLDER/math500.jsonl and writes JSON lines {"id", "gold", "prediction", "contains_task_form",
"kind"}. Bare numbers, and texts that are the expected answer, are left out. `kind` names the task
form that the formula contains, or is `plain value`. What counts as a task form is decided here,
without the grader:

- a sum, a product or a row with dots, an integral, a limit, a derivative;
- a remainder or a congruence, gcd, lcm, floor, ceiling, a determinant, a maximum or minimum;
- an integer power or a factorial of more than 15 digits;
- a function or its inverse, applied to a value (`f(2)`);
- a relation to be solved: its sides are neither a name and a value (`x = 5`) nor a value, a name
  and a value (`1 < x < 2`), or the value contains the name.

Binomials, small factorials, fractions, radicals, powers, logarithms, trigonometric values and
polynomials are values.
"""

import argparse
import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

FORMULA = re.compile(
    r"(?<!\\)\$\$(.+?)\$\$|(?<![\\$])\$((?:\\.|[^$\\])+)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)"
    r"|(\\begin\{(?:align|gather|equation|eqnarray)\*?\}.+?"
    r"\\end\{(?:align|gather|equation|eqnarray)\*?\})",
    re.DOTALL,
)
DRAWING = re.compile(r"\[asy\].*?\[/asy\]", re.DOTALL)
BARE_NUMBER = re.compile(r"[-+]?(?:\\\$)?[\d,.]+(?:\\?%)?")
COMMANDS = (
    ("sum", r"\\sum|\\[lc]dots|\\dots|\.\.\.|\\Sigma"),
    ("product", r"\\prod"),
    ("integral", r"\\i{1,3}nt(?![a-z])|\\oint"),
    ("limit", r"\\lim"),
    ("derivative", r"\\frac\{?d\}?\{d[a-z]|[a-z]'+\("),
    ("remainder or congruence", r"\\[bp]?mod(?![a-z])|\\equiv|\bmod\b"),
    ("gcd or lcm", r"\\gcd|\\(?:text|mathrm|operatorname|mbox)\{\s*(?:gcd|lcm|GCD|LCM|gcf)\s*\}"),
    ("floor or ceiling", r"\\[lr]floor|\\[lr]ceil"),
    ("determinant", r"\\det|\\begin\{vmatrix\}"),
    ("maximum or minimum", r"\\(?:max|min|sup|inf)(?![a-z])"),
    ("function applied", r"(?<![A-Za-z\\])[fghpqPQFG](?:\^\{-1\})?\(|[fg]\^\{-1\}|\\circ\s*[fg]"),
)
NAME = (
    r"(?:[A-Za-z](?:_\{?\w+\}?)?|[A-Z]{2,3}|\\(?!pi$|infty$)[a-z]+"
    r"|\\(?:angle|overline|mathbf|vec)\s*\{?\s*[A-Za-z]+\s*\}?"
    r"|[A-Za-z]\([A-Za-z](?:,\s*[A-Za-z])*\))"
)
SIGN = re.compile(r"\\(?:leq?|geq?|neq?|lt|gt|le|ge|approx|leqslant|geqslant)(?![A-Za-z])|[=<>]")
LONGEST_VALUE = 15


def formulas(statement: str) -> Iterator[str]:
    """The formulas of a statement; of aligned ones the whole and every row."""
    for match in FORMULA.finditer(DRAWING.sub("", statement)):
        text = next(group for group in match.groups() if group is not None).strip()
        if not text:
            continue
        yield text
        body = re.fullmatch(
            r"\\begin\{(?:align|gather|eqnarray)\*?\}(.+)\\end\{\w+\*?\}", text, re.DOTALL
        )
        for row in re.split(r"\\\\", body[1]) if body else ():
            row = row.replace("&", "").strip()
            if row:
                yield row


def stripped(text: str) -> str:
    """`text` without spaces and final punctuation."""
    text = re.sub(r"\\[,;:! ]|\\left|\\right|[\s~]", "", text)
    text = re.sub(r"\\[dt]frac", r"\\frac", text)
    return text.rstrip(".,;:?")


def has_big_number(text: str) -> bool:
    """Whether an integer power or a factorial in `text` has more than 15 digits."""
    for match in re.finditer(r"(\d+)\s*\^\s*(?:\{([^{}]*)\}|\(([^()]*)\)|(\d))", text):
        exponent = next(group for group in match.groups()[1:] if group is not None)
        if not exponent.strip().isdigit():
            if re.search(r"\d+\^|\{\d", text[match.end() - 2 : match.end() + 12]):
                return True
            continue
        if int(exponent) * math.log10(max(int(match[1]), 1)) > LONGEST_VALUE:
            return True
    tower = re.search(r"\d\s*\^\s*[{(]+\s*\d+\s*\^", text)
    return tower is not None or any(int(top) > 17 for top in re.findall(r"(\d+)\s*!", text))


def to_be_solved(text: str) -> bool:
    """Whether one of the relations in `text` is more than a name and its value."""
    parts = re.split(r",(?![^({\[]*[)}\]])|\\qquad|\\quad|\\text\{[^{}]*\}|\\\\", text)
    return any(is_unsolved(part) for part in parts if SIGN.search(part))


def is_unsolved(relation: str) -> bool:
    """Whether a relation's sides are neither a name and a value nor a value, a name and a value."""
    sides = [stripped(side) for side in SIGN.split(relation)]
    names = [bool(re.fullmatch(NAME, side)) for side in sides]
    if len(sides) == 3 and names[1]:
        name, values = sides[1], [sides[0], sides[2]]
    elif len(sides) == 2 and any(names):
        name, values = (sides[0], [sides[1]]) if names[0] else (sides[1], [sides[0]])
    else:
        return True
    letter = re.escape(name)
    return any(re.search(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", value) for value in values)


def task_form(text: str) -> str | None:
    """The name of the task form that the formula contains; None for a value."""
    for kind, pattern in COMMANDS:
        found = re.search(pattern, text)
        if found and (kind != "function applied" or is_applied(text)):
            return kind
    if has_big_number(text):
        return "big power"
    return "relation to be solved" if to_be_solved(text) else None


def is_applied(text: str) -> bool:
    """Whether a function in `text` is applied to more than names, or inverted."""
    if re.search(r"[fg]\^\{-1\}", text):
        return True
    calls = re.findall(r"(?<![A-Za-z\\])[fghpqPQFG]\(([^()]*\(?)", text)
    return any(not re.fullmatch(r"\s*[a-z](?:\s*,\s*[a-z])*\s*", call) for call in calls)


def copies(folder: Path) -> Iterator[dict[str, str | bool]]:
    """The copied formulas of all problems."""
    with open(folder / "math500.jsonl", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            gold, seen = row["answer"].strip(), set()
            for text in formulas(row["problem"]):
                short = stripped(text)
                if short in seen or not short or BARE_NUMBER.fullmatch(short):
                    continue
                seen.add(short)
                if short.casefold() == stripped(gold).casefold():
                    continue
                kind = task_form(text)
                yield {
                    "id": f"{row['id']}/{len(seen)}",
                    "gold": gold,
                    "prediction": f"\\boxed{{{text}}}",
                    "contains_task_form": kind is not None,
                    "kind": kind or "plain value",
                }


def main() -> None:
    """Writes the copies to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/benchmarks"))
    arguments = parser.parse_args()
    for copy in copies(arguments.data):
        sys.stdout.write(json.dumps(copy, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
