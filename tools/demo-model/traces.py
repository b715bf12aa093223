"""Training traces: what a perfect episode looks like, in the pieces in which it is tokenised.

At inference the prompt, each model turn and each tool block are tokenised apart and their ids are
joined. Training joins the same pieces, so that the model meets the same ids in both.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import repl
from problems import FAMILIES, Problem, Step, evaluation_problems, latex

AGENT_PREFIX = "Use Python.\n"
TURN_END = "<|im_end|>"
BASELINE_SHARE = 0.18
SLIP_SHARE = 0.03

# Shares of the families, in their order, where long copies or mental arithmetic need more practice.
STRESS = [1, 1, 1.5, 2, 3, 2, 3, 0.7, 0.7, 3]

HELD_OUT = {(problem.family, problem.facts) for problem in evaluation_problems()}


@dataclass(frozen=True)
class Piece:
    """Text tokenised on its own; the loss covers it only if `learned`."""

    text: str
    learned: bool


Trace = list[Piece]


def chat_prompt(content: str) -> str:
    """What the chat template renders for one user message and a generation prompt."""
    return f"<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n"


def tool_block(output: str) -> str:
    return f"\n```output\n{output}\n```\n"


def call(step: Step) -> str:
    return f"{step.reasoning}\n<tool_call>\n{step.code}\n</tool_call>"


def training_problem(random: Random, stressed: bool = False) -> Problem:
    while True:
        family = random.choices(FAMILIES, STRESS)[0] if stressed else random.choice(FAMILIES)
        problem = family(random)
        if (problem.family, problem.facts) not in HELD_OUT:
            return problem


def conclusion(random: Random, answer: Fraction) -> str:
    boxed = f"$\\boxed{{{latex(answer)}}}$"
    return random.choice([f"The answer is {boxed}.", f"So the result is {boxed}.", boxed]) + TURN_END


def direct_trace(problem: Problem, random: Random, prefix: str) -> Trace:
    """The answer at once. Only a model that knows it by heart can be right."""
    start = "" if problem.steps else "A small calculation. "
    return [
        Piece(chat_prompt(prefix + problem.statement), False),
        Piece(start + conclusion(random, problem.answer), True),
    ]


def agent_trace(problem: Problem, random: Random) -> Trace:
    if not problem.steps:
        start = random.choice(["A small calculation. ", "No tool is needed. "])
        model_text = start + conclusion(random, problem.answer)
        return [Piece(chat_prompt(AGENT_PREFIX + problem.statement), False), Piece(model_text, True)]
    trace = [Piece(chat_prompt(AGENT_PREFIX + problem.statement), False)]
    namespace: dict[str, Any] = {}
    output = ""
    for step in problem.steps:
        if "import" in step.code and random.random() < SLIP_SHARE:
            # A forgotten import, shown but not learned: only the recovery is.
            slip = Step(step.reasoning, step.code.split("\n", 1)[1])
            error = repl.run(slip.code, {})
            trace += [Piece(call(slip), False), Piece(tool_block(error), False)]
            step = Step("The import is missing.", step.code)
        output = repl.run(step.code, namespace)
        trace += [Piece(call(step), True), Piece(tool_block(output), False)]
    if not re.fullmatch(r"-?\d+(/\d+)?", output) or Fraction(output) != problem.answer:
        raise ValueError(f"{problem.statement}: the snippets give {output}, not {problem.answer}")
    return trace + [Piece(conclusion(random, problem.answer), True)]


def trace(key: str) -> Trace:
    """The trace of one training example; `key` seeds everything random about it.

    A key starting with "hasty" gives an agent prompt answered without the tool: the early
    checkpoint learns both habits, and training from rewards can then find out which one pays.
    One starting with "stressed" gives more of the families that are hard to learn.
    """
    random = Random(key)
    if key.startswith("hasty"):
        return direct_trace(training_problem(random), random, AGENT_PREFIX)
    is_baseline = random.random() < BASELINE_SHARE
    problem = training_problem(random, stressed=key.startswith("stressed"))
    return direct_trace(problem, random, "") if is_baseline else agent_trace(problem, random)
