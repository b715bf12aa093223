"""The trainer's checkpoints, of which a kill may leave a part.

A checkpoint is whole when its marker is there: the marker is written last, after everything else
is on the disk. Anything without one is removed at the next start, so that its place is free.
"""

import json
import shutil
from pathlib import Path

from failures import BadInput
from policy import make_durable, synchronize

MARKER = "whole.json"
PREFIX = "checkpoint-"


def number(checkpoint: Path) -> int:
    return int(checkpoint.name.removeprefix(PREFIX))


class Checkpoints:
    """The directories `checkpoint-N` of one run, N in optimizer steps."""

    def __init__(self, directory: Path, run_id: str) -> None:
        self.directory = directory
        self.run_id = run_id

    def whole(self) -> list[Path]:
        """The checkpoints that can be resumed from, oldest first."""
        found = [path for path in self.directory.glob(f"{PREFIX}*") if (path / MARKER).exists()]
        for path in found:
            owner = json.loads((path / MARKER).read_text())["run_id"]
            if owner != self.run_id:
                raise BadInput(f"checkpoint {path} is of run {owner}, this is {self.run_id}; remove it")
        return sorted(found, key=number)

    def remove_partial(self) -> None:
        for path in self.directory.glob(f"{PREFIX}*"):
            if not (path / MARKER).exists():
                shutil.rmtree(path)

    def mark(self, step: int) -> None:
        """Calls `checkpoint-step` whole."""
        checkpoint = self.directory / f"{PREFIX}{step}"
        make_durable(checkpoint)
        temporary = checkpoint / f".{MARKER}"
        temporary.write_text(json.dumps({"run_id": self.run_id, "optimizer_step": step}) + "\n")
        synchronize(temporary)
        temporary.rename(checkpoint / MARKER)
        synchronize(checkpoint)

    def keep(self, count: int) -> None:
        """Removes all but the newest `count`; the marker goes first, so that no part is taken for a whole."""
        for path in self.whole()[:-count]:
            (path / MARKER).unlink()
            shutil.rmtree(path)
