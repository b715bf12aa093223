"""What a generated case is, and the register of the generators.

A generator takes a random source and an expected answer, and returns the content of a box or a
`Case`; None where it has nothing to offer for that answer. `Unreadable` means the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from answers.reading import Answer, answer

RIGHT, NOT_RIGHT = "right", "not right"


@dataclass(frozen=True)
class Gold:
    """An expected answer, as its file has it and as we read it."""

    id: str
    text: str
    answer: Answer
    source: str

    def derived(self, text: str) -> "Gold":
        """Another expected answer that was made from this one."""
        return replace(self, text=text, answer=answer(text), source=f"derived from {self.source}")


@dataclass(frozen=True)
class Case:
    """One answer to be graded.

    `text` is the content of a box, or a whole closing text where `is_whole`. `gold` replaces the
    expected answer where the case needs another one.
    """

    text: str
    is_whole: bool = False
    gold: str | None = None


Generator = Callable[[Random, Gold], str | Case | None]


@dataclass(frozen=True)
class Kind:
    """A kind of cases, all with the same expectation."""

    name: str
    expected: str
    generator: Generator


KINDS: list[Kind] = []


def right(name: str) -> Callable[[Generator], Generator]:
    """Registers a generator of forms that must be graded right."""
    return registered(name, RIGHT)


def mutant(name: str) -> Callable[[Generator], Generator]:
    """Registers a generator of answers that must not be graded right."""
    return registered(name, NOT_RIGHT)


def registered(name: str, expected: str) -> Callable[[Generator], Generator]:
    """The decorator that registers a generator."""

    def register(generator: Generator) -> Generator:
        KINDS.append(Kind(name, expected, generator))
        return generator

    return register


CARRIERS = (
    "\\boxed{@}",
    "So the answer is $\\boxed{@}$.",
    "Therefore, the final answer is \\boxed{@}.",
    "\\[\n\\boxed{@}\n\\]",
    "Thus we get\n\n$$\\boxed{@}$$",
    "**Final Answer**\n\n\\(\\boxed{@}\\)",
    "The program confirms it.\n\nHence $\\boxed{@}$, as asked.",
    "All conditions hold, which completes the solution.\n\n$\\boxed{@}$",
)


def closing(rng: Random, case: str | Case) -> str:
    """The closing text of a model that gives this answer."""
    if isinstance(case, Case) and case.is_whole:
        return case.text
    content = case.text if isinstance(case, Case) else case
    return rng.choice(CARRIERS).replace("@", content)
