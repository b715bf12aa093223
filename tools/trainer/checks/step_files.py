"""Step files out of an evaluation's traces, for checks of the trainer.

    python tools/trainer/checks/step_files.py TRACES RUN --steps 3 --groups 4 [--run-id TEXT]

Takes problems whose attempts were not all right and not all wrong, gives each attempt the reward
1 for a right answer and its group's advantage, and writes RUN/steps/000001.h5 and so on. All of
them say that the policy of version 0 sampled them.
"""

import argparse
from pathlib import Path

import h5py
import numpy


def mixed_problems(episodes: h5py.Group) -> list[int]:
    right = episodes["outcome"][()] == h5py.check_enum_dtype(episodes["outcome"].dtype)["right"]
    problem = episodes["problem_index"][()]
    shares = {int(index): right[problem == index].mean() for index in numpy.unique(problem)}
    return [index for index, share in shares.items() if 0 < share < 1]


def write_step(traces: h5py.File, path: Path, problems: list[int], attributes: dict[str, str]) -> None:
    episodes = traces["episodes"]
    rows = numpy.flatnonzero(numpy.isin(episodes["problem_index"][()], problems))
    right = episodes["outcome"][()][rows] == h5py.check_enum_dtype(episodes["outcome"].dtype)["right"]
    reward = right.astype(float)
    problem = episodes["problem_index"][()][rows]
    advantage = numpy.zeros(len(rows))
    for index in problems:
        group = reward[problem == index]
        advantage[problem == index] = (group - group.mean()) / (group.std(ddof=1) + 1e-4)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".writing")
    with h5py.File(temporary, "w") as step:
        copy_tables(traces, step, rows)
        for name, values in (("reward", reward), ("reward_accuracy", reward), ("advantage", advantage)):
            step["episodes"].pop(name, None)
            step["episodes"][name] = values
        for name, value in {**attributes, "trained_problems": " ".join(map(str, problems))}.items():
            step.attrs[name] = value
    temporary.rename(path)


def copy_tables(traces: h5py.File, step: h5py.File, rows: numpy.ndarray) -> None:
    """The rows of /episodes, and those of /turns and /tokens that they own, counted anew."""
    firsts: dict[str, numpy.ndarray] = {}
    for table, column in (("turns", "turn"), ("tokens", "token")):
        first, count = (traces["episodes"][f"{column}_{part}"][()][rows] for part in ("first", "count"))
        owned = numpy.concatenate([numpy.arange(a, a + n) for a, n in zip(first, count)])
        copy_columns(traces[table], step.create_group(table), owned)
        firsts[f"{column}_first"] = numpy.cumsum(count) - count
    copy_columns(traces["episodes"], step.create_group("episodes"), rows)
    for name, values in firsts.items():
        step["episodes"][name][...] = values
    # Which tokens a turn owns is counted within the file, too.
    turns, counts = step["turns"], step["turns/token_count"][()]
    turns["token_first"][...] = numpy.cumsum(counts) - counts


def copy_columns(source: h5py.Group, target: h5py.Group, rows: numpy.ndarray) -> None:
    for name, column in source.items():
        values = column[()] if name == "text" else column[()][rows]
        target.create_dataset(name, data=values, dtype=column.dtype)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("traces", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--groups", type=int, default=4)
    parser.add_argument("--run-id", default="check")
    options = parser.parse_args()
    with h5py.File(options.traces) as traces:
        problems = mixed_problems(traces["episodes"])
        for step in range(1, options.steps + 1):
            first = (step - 1) * options.groups % (len(problems) - options.groups + 1)
            write_step(
                traces, options.run / "steps" / f"{step:06d}.h5", problems[first : first + options.groups],
                {"run_id": options.run_id, "step": str(step), "policy_version": "0", "temperature": "1"},
            )


if __name__ == "__main__":
    main()
