"""Step files: the episodes of one training step, as the program wrote them.

The layout is that of every trace file (tools/TRACES.md); the root's attributes say which run, step
and temperature it is, and which problems' groups are to be trained on.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy

from environment import origin
from failures import BadInput

POLL_SECONDS = 0.02
VERDICTS = ("right", "wrong", "unparsed")  # Outcomes that say something about the model.


@dataclass(frozen=True)
class Episode:
    """One row of the batch. `completion` and the two lists beside it have equal length."""

    problem_index: int
    sample_index: int
    prompt: list[int]  # Token ids of the first turn.
    completion: list[int]  # Token ids of all later turns, the tool's included.
    mask: list[int]  # 1 for tokens that the model sampled.
    log_probabilities: list[float]
    reward: float | None  # None: something outside the model failed.
    advantage: float


@dataclass(frozen=True)
class Step:
    number: int
    temperature: float
    policy_version: int
    episodes: list[Episode]  # Group after group, all of the same size.


def step_path(run: Path, number: int) -> Path:
    return run / "steps" / f"{number:06d}.h5"


def wait_for(path: Path) -> float:
    """Waits until `path` is there, as long as whoever started this process lives; the seconds it took."""
    start = time.monotonic()
    while not path.exists():
        if origin.is_gone():
            raise SystemExit(1)
        time.sleep(POLL_SECONDS)
    return time.monotonic() - start


def read_step(path: Path, run_id: str, number: int, group_count: int, group_size: int) -> Step:
    """The groups of `path` to be trained on, in the order that the file names them."""
    try:
        # No locks: on many cluster file systems they fail, and a renamed file changes no more.
        with h5py.File(path, locking=False) as file:
            attributes = {name: str(value) for name, value in file.attrs.items()}
            for name, expected in (("run_id", run_id), ("step", str(number))):
                if attributes[name] != expected:
                    raise BadInput(f"its {name} is {attributes[name]}, this is {expected}; remove the file")
            problems = [int(index) for index in attributes["trained_problems"].split()]
            if len(problems) != group_count or len(set(problems)) != group_count:
                raise BadInput(f"trained_problems names {len(set(problems))} problems, not {group_count}")
            temperature = float(attributes["temperature"])
            if not temperature > 0:
                raise BadInput(f"its temperature is {temperature:g}; greedy samples cannot be trained on")
            episodes = read_groups(file, problems, group_size)
            return Step(number, temperature, int(attributes["policy_version"]), episodes)
    except BadInput as error:
        raise BadInput(f"step file {path}: {error}") from None
    except KeyError as error:
        raise BadInput(f"step file {path}: {error.args[0]} is missing; it is not a step file of this version") from error
    except (OSError, ValueError) as error:
        raise BadInput(f"step file {path}: {error}") from error


def read_groups(file: h5py.File, problems: list[int], group_size: int) -> list[Episode]:
    table, turns, tokens = file["episodes"], file["turns"], file["tokens"]
    status, outcome = names(table["status"]), names(table["outcome"])
    columns = {
        name: table[name][()]
        for name in ("problem_index", "sample_index", "reward", "advantage", "turn_first", "turn_count",
                     "token_first", "token_count")
    }
    prompt_counts = turns["token_count"][()]
    ids, log_probabilities, mask = (tokens[name][()] for name in ("id", "log_probability", "loss_mask"))
    episodes = []
    for problem in problems:
        rows = numpy.flatnonzero(columns["problem_index"] == problem)
        # Which rank wrote a row first must not matter.
        rows = rows[numpy.argsort(columns["sample_index"][rows], kind="stable")]
        if len(rows) != group_size:
            raise BadInput(f"problem {problem} has {len(rows)} episodes, not {group_size}; the file is not whole")
        for row in rows:
            first, count = int(columns["token_first"][row]), int(columns["token_count"][row])
            counts = status[row] == "completed" and outcome[row] in VERDICTS
            turn = int(columns["turn_first"][row])
            prompt = int(prompt_counts[turn]) if columns["turn_count"][row] > 0 else 0
            if counts and not 0 < prompt < count:
                raise BadInput(f"problem {problem}, sample {columns['sample_index'][row]}: no prompt or no output")
            start, end = first + prompt, first + count
            episodes.append(Episode(
                problem_index=problem,
                sample_index=int(columns["sample_index"][row]),
                prompt=ids[first:start].tolist(),
                completion=ids[start:end].tolist(),
                mask=mask[start:end].tolist(),
                log_probabilities=log_probabilities[start:end].tolist(),
                reward=float(columns["reward"][row]) if counts else None,
                advantage=float(columns["advantage"][row]),
            ))
    return episodes


def names(column: h5py.Dataset) -> list[str]:
    """A coded column's values by name."""
    stored = {code: name for name, code in h5py.check_enum_dtype(column.dtype).items()}
    return [stored[code] for code in column[()].tolist()]
