"""Step files out of recorded attempts, for checks of the trainer.

    python tools/trainer/checks/step_files.py RUN --steps 3 --groups 4 --group-size 4
    python tools/trainer/checks/step_files.py --extract TRACES 48

Without TRACES the attempts are those of attempts.h5 beside this file: what configs/demo/early-model
wrote at temperature 1, served by vLLM in float32. The second form makes that file, from the traces
of an evaluation; it is to be made again when the model is.

The trainer never compares the prompts of a group, so G attempts in a row are a group here, whatever
their problems are; groups of equal rewards are left out. A right answer has reward 1.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy

ATTEMPTS = Path(__file__).with_name("attempts.h5")
EPSILON = 1e-4


@dataclass
class StepContent:
    """The rows of one step file, and what is to be said about them."""

    rows: numpy.ndarray
    group_size: int
    attributes: dict[str, str]
    failed: int = 0  # How many of the first attempts are recorded as not graded.


def codes(column: h5py.Dataset) -> dict[str, int]:
    return h5py.check_enum_dtype(column.dtype)


def mixed_groups(traces: h5py.File, group_size: int) -> list[numpy.ndarray]:
    """Rows of /episodes, group after group, right and wrong answers in each."""
    outcome = traces["episodes/outcome"]
    right = outcome[()] == codes(outcome)["right"]
    whole = len(right) // group_size * group_size
    groups = numpy.arange(whole).reshape(-1, group_size)
    return [rows for rows in groups if 0 < right[rows].sum() < group_size]


def write_step(traces: h5py.File, path: Path, content: StepContent) -> None:
    outcome = traces["episodes/outcome"][()][content.rows]
    values = codes(traces["episodes/outcome"])
    outcome[: content.failed] = values["timeout"]
    reward = (outcome == values["right"]).astype(float)
    counted = outcome != values["timeout"]
    group = numpy.arange(len(reward)) // content.group_size
    advantage = numpy.zeros(len(reward))
    for index in range(len(reward) // content.group_size):
        rows = (group == index) & counted
        if rows.sum() > 1:
            advantage[rows] = (reward[rows] - reward[rows].mean()) / (reward[rows].std(ddof=1) + EPSILON)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".writing")
    with h5py.File(temporary, "w") as step:
        copy_tables(traces, step, content.rows)
        episodes = step["episodes"]
        episodes["outcome"][...] = outcome
        replace(episodes, "problem_index", group.astype("int32"))
        replace(episodes, "sample_index", (numpy.arange(len(reward)) % content.group_size).astype("int32"))
        replace(episodes, "reward", reward)
        replace(episodes, "advantage", advantage)
        trained = " ".join(str(index) for index in numpy.unique(group))
        for name, value in {**content.attributes, "trained_problems": trained}.items():
            step.attrs[name] = value
    temporary.rename(path)


def replace(table: h5py.Group, name: str, values: numpy.ndarray) -> None:
    table.pop(name, None)
    table[name] = values


def copy_tables(traces: h5py.File, target: h5py.File, rows: numpy.ndarray, **options: Any) -> None:
    """The rows of /episodes without their texts, and those of /turns and /tokens that they own."""
    copy_columns(traces["episodes"], target.create_group("episodes"), rows, **options)
    for table, column in (("turns", "turn"), ("tokens", "token")):
        first, count = (traces["episodes"][f"{column}_{part}"][()][rows] for part in ("first", "count"))
        owned = numpy.concatenate([numpy.arange(start, start + n) for start, n in zip(first, count)])
        copy_columns(traces[table], target.create_group(table), owned, **options)
        target[f"episodes/{column}_first"][...] = numpy.cumsum(count) - count


def copy_columns(source: h5py.Group, target: h5py.Group, rows: numpy.ndarray, **options: Any) -> None:
    texts = {name.removesuffix("_first") for name in source if f"{name.removesuffix('_first')}_count" in source}
    texts -= {"turn", "token", "tool_call"}
    for name, column in source.items():
        if name != "text" and name.rsplit("_", 1)[0] not in texts:
            target.create_dataset(name, data=column[()][rows], dtype=column.dtype, **options)


def write_steps(
    run: Path, steps: int, groups: int, group_size: int, run_id: str, traces: Path = ATTEMPTS, failed: int = 0
) -> None:
    """RUN/steps/000001.h5 and so on, all sampled by policy 0; the attempts repeat when they run out."""
    with h5py.File(traces) as file:
        mixed = mixed_groups(file, group_size)
        if len(mixed) < groups:
            raise SystemExit(f"step_files: {traces} has {len(mixed)} mixed groups of {group_size}, not {groups}")
        for step in range(1, steps + 1):
            first = (step - 1) * groups % (len(mixed) - groups + 1)
            rows = numpy.concatenate(mixed[first : first + groups])
            attributes = {"run_id": run_id, "step": str(step), "policy_version": "0", "temperature": "1"}
            content = StepContent(rows, group_size, attributes, failed if step == 1 else 0)
            write_step(file, run / "steps" / f"{step:06d}.h5", content)


def extract(traces: Path, count: int) -> None:
    """Writes attempts.h5: the first `count` attempts that are in mixed pairs."""
    with h5py.File(traces) as source, h5py.File(ATTEMPTS, "w") as target:
        rows = numpy.concatenate(mixed_groups(source, 2))[:count]
        copy_tables(source, target, rows, compression="gzip", shuffle=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, nargs="?")
    parser.add_argument("--traces", type=Path, default=ATTEMPTS)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--groups", type=int, default=4)
    parser.add_argument("--group-size", type=int, default=4)
    parser.add_argument("--run-id", default="check")
    parser.add_argument("--extract", nargs=2, metavar=("TRACES", "COUNT"))
    options = parser.parse_args()
    if options.extract:
        extract(Path(options.extract[0]), int(options.extract[1]))
    elif options.run:
        write_steps(
            options.run, options.steps, options.groups, options.group_size, options.run_id, options.traces
        )
    else:
        parser.error("RUN is missing")


if __name__ == "__main__":
    main()
