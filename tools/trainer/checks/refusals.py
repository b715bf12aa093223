"""Wrong input ends the trainer with status 2, a loss that is no number with 3; one line says why.

    python tools/trainer/checks/refusals.py DIRECTORY
"""

import json
import subprocess
import sys
from pathlib import Path

import h5py

import runs


class Refusals:
    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def expect(self, name: str, ended: runs.Ended, status: int, *words: str) -> None:
        lines = [line for line in ended.log.splitlines() if line.startswith("trainer: ") and "=" not in line]
        said = lines[-1] if lines else ended.log
        runs.expect(
            ended.status == status and len(lines) == 1 and all(word in said for word in words), f"{name}: {said}"
        )

    def alone(self, name: str, settings: Path, *words: str, python: tuple[str, ...] = (sys.executable,)) -> None:
        """A refusal before anything large is imported, by the program as users start it."""
        process = subprocess.run(
            [*python, str(runs.TRAINER / "grpo.py"), "--settings", str(settings)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        self.expect(name, runs.Ended(process.returncode, process.stdout), 2, *words)

    def settings(self) -> None:
        path = runs.prepare_run(self.directory / "single", 1)
        values = json.loads(path.read_text())
        path.write_text(json.dumps({**values, "group_size": 1}))
        self.alone("a group of one", path, "group_size", "2 or more")
        path.write_text(json.dumps({**values, "learnig_rate": 1}))
        self.alone("an unknown key", path, "learnig_rate")
        path.write_text(json.dumps(values))
        self.alone("no torch", path, "no package torch", "tools/setup", python=(sys.executable, "-S"))

    def step_files(self) -> None:
        for name, change, words in (
            ("of another run", lambda file: file.attrs.modify("run_id", "other"), ("000001.h5", "other", "check")),
            ("of another step", lambda file: file.attrs.modify("step", "7"), ("step is 7",)),
            ("lacking an episode", lambda file: modify(file, "problem_index", 9), ("problem 0 has 3 episodes, not 4",)),
            ("of other advantages", lambda file: modify(file, "advantage", 5.0), ("advantage 5", "problem 0, sample 0")),
        ):
            path = runs.prepare_run(self.directory / name.replace(" ", "-"), 1)
            with h5py.File(path.parents[1] / "steps" / "000001.h5", "r+") as file:
                change(file)
            self.expect(f"a step file {name}", runs.train(path), 2, *words)
            runs.expect(not runs.published(path.parents[1]), "no policy")

    def not_finite(self) -> None:
        path = runs.prepare_run(self.directory / "infinite", 2, learning_rate=1e30)
        self.expect("a loss that is no number", runs.train(path), 3, "step 2", "0/0", "last policy stands")
        runs.expect(runs.published(path.parents[1]) == ["000001"], "the policy before it stands")
        runs.expect(json.loads(path.with_name("ended.json").read_text())["status"] == 3, "ended.json says it")

    def adapter(self) -> None:
        first = runs.prepare_run(self.directory / "first", 1)
        runs.expect_done(runs.train(first))
        adapter = str(first.parents[1] / "policy" / "000001")
        further = runs.prepare_run(self.directory / "further", 1, start_adapter=adapter, beta=0.04)
        runs.expect_done(runs.train(further))
        runs.expect(runs.published(further.parents[1]) == ["000001"], "training goes on from an adapter")
        other = runs.prepare_run(
            self.directory / "other", 1, start_adapter=adapter, model=str(runs.EARLY_MODEL.with_name("model"))
        )
        self.expect("an adapter of another model", runs.train(other), 2, "start_adapter", "weights are not those")
        synchronised = runs.prepare_run(self.directory / "reference", 1, further={"sync_ref_model": True})
        self.expect("synchronising a reference", runs.train(synchronised), 2, "sync_ref_model")


def modify(file: h5py.File, column: str, value: float) -> None:
    file["episodes"][column][0] = value


def main() -> None:
    refusals = Refusals(Path(sys.argv[1]))
    refusals.settings()
    runs.import_trainer()
    refusals.step_files()
    refusals.not_finite()
    refusals.adapter()


if __name__ == "__main__":
    main()
