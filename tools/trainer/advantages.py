"""A guard against the two programs meaning different things by an advantage."""

import math

from failures import BadInput
from step_file import Episode

TOLERANCE = 1e-4
# TRL holds rewards in single precision: their error, relative to the largest one of the group.
REWARD_ERROR = 5e-7
EPSILON = 1e-4  # TRL's and ours, added to the deviation.


def check_advantages(computed: list[float], rows: list[Episode], step: list[Episode], scale_rewards: str) -> None:
    """Stops when an advantage that TRL computed is not the recorded one.

    `computed` belongs to `rows`, a part of `step`; groups are complete only there.
    """
    groups: dict[int, list[float]] = {}
    for row in step:
        groups.setdefault(row.problem_index, [])
        if row.reward is not None:
            groups[row.problem_index].append(row.reward)
    for value, row in zip(computed, rows, strict=True):
        tolerance = TOLERANCE + rounding(groups[row.problem_index], scale_rewards)
        if not abs(value - row.advantage) <= tolerance:
            raise BadInput(
                f"problem {row.problem_index}, sample {row.sample_index}: the recorded advantage {row.advantage:.6g} "
                f"is not the {value:.6g} that its group's rewards give (scale_rewards: {scale_rewards}); "
                "program and trainer are of different versions, or the step file is damaged"
            )


def rounding(rewards: list[float], scale_rewards: str) -> float:
    """How far single precision alone may take an advantage of a group with these rewards."""
    largest = max((abs(reward) for reward in rewards), default=0.0)
    if scale_rewards == "none" or len(rewards) < 2:
        return REWARD_ERROR * largest
    mean = math.fsum(rewards) / len(rewards)
    deviation = math.sqrt(math.fsum((reward - mean) ** 2 for reward in rewards) / (len(rewards) - 1))
    return REWARD_ERROR * largest / (deviation + EPSILON)
