"""Pairs of an expected and a given answer, generated, with the verdict that each must have.

    metamorphic.py [--seed N] [--count N] [--data FOLDER]

Reads the expected answers of the benchmarks in FOLDER and writes JSON lines {"id", "gold",
"prediction", "expected": "right" | "not right", "kind", "source"}. The same seed gives the same
lines. Kinds take turns, so that none dominates; half of the lines expect "right". Forms that must
be right are built from the value that our own parser reads; a mutant counts only where its value,
or its structure, certainly differs.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from answers import (  # noqa: F401  (each registers its kinds)
    claim_mutants,
    near_mutants,
    right_characters,
    right_derived,
    right_dressings,
    right_shapes,
    right_units,
    right_values,
    shape_mutants,
    subtle_mutants,
    task_mutants,
    value_mutants,
)
from answers.cases import KINDS, NOT_RIGHT, RIGHT, Case, Gold, Kind, closing
from answers.evaluation import symbols
from answers.reading import Unreadable, answer

FILES = ("math500", "aime24", "hmmt_feb24", "gsm8k_test")
# Integers of a data set with nothing but integers; more of them would crowd out the rest.
MOST_INTEGERS = 120
FAILURES = (Unreadable, ZeroDivisionError, OverflowError, ValueError, IndexError)
# How soon an expected answer is forgotten that offers a kind nothing, or nothing new.
NOTHING, REPEATED, BARREN = 3, 1, 12
UNIT_LIKE = "tshmdclgon"
UNITS = ("cm", "m", "feet", "inches", "hours", "minutes", "kg", "days")
CHOICES = "ABCDEFGHJKLMN"


def golds(folder: Path) -> Iterator[Gold]:
    """The expected answers that our parser reads, and others made from them."""
    seen: set[str] = set()
    for name in FILES:
        integers = 0
        with open(folder / f"{name}.jsonl", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                text = row["answer"].strip()
                integers += text.isdigit()
                if text in seen or name == "gsm8k_test" and integers > MOST_INTEGERS:
                    continue
                seen.add(text)
                try:
                    found = answer(text, "interval" in row["problem"])
                except Unreadable:
                    continue
                yield Gold(row["id"], text, found, name)


def derived(rng: Random, originals: list[Gold]) -> Iterator[Gold]:
    """Expected answers with units, with variables that look like units, and other choices."""
    for gold in originals:
        found = gold.answer
        if found.shape == "choice":
            for letter in rng.sample(CHOICES, 4):
                yield gold.derived(f"\\text{{({letter})}}")
        if found.shape != "scalar" or found.unit:
            continue
        names = sorted({name for part in found.parts for name in symbols(part)})
        if len(names) == 1:
            for letter in rng.sample([each for each in UNIT_LIKE if each != names[0].lower()], 3):
                old = rf"(?<![\\A-Za-z]){names[0]}(?![A-Za-z])"
                yield gold.derived(re.sub(old, letter, gold.text))
        elif gold.text.isdigit() and rng.random() < 0.3:
            yield gold.derived(f"{gold.text} \\text{{ {rng.choice(UNITS)}}}")
        elif gold.text.isdigit() and int(gold.text) > 1 and rng.random() < 0.15:
            letter = rng.choice(UNIT_LIKE)
            yield gold.derived(rng.choice([f"{gold.text}{letter}", f"{gold.text} + 2{letter}"]))


class Supply:
    """What one kind offers: its cases in the order of a shuffled list of expected answers."""

    def __init__(self, kind: Kind, rng: Random, every: list[Gold]) -> None:
        self.kind = kind
        self.rng = rng
        self.golds = every[:]
        rng.shuffle(self.golds)
        self.position = 0
        self.barren: dict[str, int] = {}
        self.seen: set[tuple[str, str]] = set()

    def next(self) -> tuple[Gold, str, str] | None:
        """The next new pair: where it comes from, its gold and its prediction; None at the end."""
        while self.golds:
            self.position %= len(self.golds)
            gold = self.golds[self.position]
            case = self.case(gold)
            expected = case.gold if isinstance(case, Case) and case.gold else gold.text
            content = case.text if isinstance(case, Case) else case
            if content is not None and (expected, content) not in self.seen:
                self.barren[gold.text] = 0
                self.seen.add((expected, content))
                self.position += 1
                return gold, expected, closing(self.rng, case)
            self.note_barren(gold, NOTHING if content is None else REPEATED)
        return None

    def note_barren(self, gold: Gold, weight: int) -> None:
        """Forgets an expected answer that has offered nothing new for a while."""
        self.barren[gold.text] = self.barren.get(gold.text, 0) + weight
        if self.barren[gold.text] >= BARREN:
            del self.golds[self.position]
        else:
            self.position += 1

    def case(self, gold: Gold) -> str | Case | None:
        """A case of this kind for one expected answer."""
        try:
            return self.kind.generator(self.rng, gold)
        except FAILURES:
            return None


def pairs(seed: int, count: int, folder: Path) -> Iterator[dict[str, str]]:
    """`count` pairs, or as many as there are."""
    originals = list(golds(folder))
    every = originals + list(derived(Random(f"{seed}/derived"), originals))
    supplies = {
        expected: [
            Supply(kind, Random(f"{seed}/{kind.name}/{expected}"), every)
            for kind in KINDS
            if kind.expected == expected
        ]
        for expected in (RIGHT, NOT_RIGHT)
    }
    given, turn = 0, {RIGHT: 0, NOT_RIGHT: 0}
    while given < count and any(supplies.values()):
        for expected in (RIGHT, NOT_RIGHT):
            pair = None
            while supplies[expected] and pair is None and given < count:
                place = turn[expected] % len(supplies[expected])
                supply = supplies[expected][place]
                pair = supply.next()
                if pair is None:
                    supplies[expected].remove(supply)
                else:
                    turn[expected] = place + 1
            if pair is not None:
                gold, text, prediction = pair
                yield {
                    "id": f"{gold.id}/{given}",
                    "gold": text,
                    "prediction": prediction,
                    "expected": expected,
                    "kind": supply.kind.name,
                    "source": gold.source,
                }
                given += 1


def main() -> None:
    """Writes the pairs to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/benchmarks"))
    arguments = parser.parse_args()
    for pair in pairs(arguments.seed, arguments.count, arguments.data):
        sys.stdout.write(json.dumps(pair, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
