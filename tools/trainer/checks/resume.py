"""A trainer killed in mid-run and started again ends with the adapters of one that was not.

    python tools/trainer/checks/resume.py DIRECTORY

Besides the kill: a checkpoint that the kill left in part, and a policy that it left unpublished.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

import runs

STEPS = 4


def main() -> None:
    directory = Path(sys.argv[1])
    whole = runs.prepare_run(directory / "whole", STEPS, failed=1, lora={"rank": 8, "dropout": 0.05})
    broken = runs.prepare_run(directory / "broken", STEPS, failed=1, lora={"rank": 8, "dropout": 0.05})
    runs.import_trainer()
    runs.expect_done(runs.train(whole))

    victim = runs.start(broken)
    runs.wait_until(lambda: runs.published(directory / "broken")[1:])
    os.kill(victim, signal.SIGKILL)
    ended = runs.finish(victim, broken)
    left = runs.published(directory / "broken")
    runs.expect(ended.status == -signal.SIGKILL and len(left) < STEPS, f"killed after {len(left)} of {STEPS} steps")

    checkpoints = directory / "broken" / "trainer" / "checkpoints"
    whole_ones = sorted(path.parent.name for path in checkpoints.glob("*/whole.json"))
    runs.expect(f"checkpoint-{len(left)}" in whole_ones, "a published policy has a whole checkpoint")
    shutil.rmtree(directory / "broken" / "policy" / left[-1])
    part = checkpoints / "checkpoint-9"
    part.mkdir()
    (part / "trainer_state.json").write_text("{")

    runs.expect_done(runs.train(broken))
    runs.expect(not part.exists(), "a checkpoint without a marker is removed")
    runs.expect(
        runs.published(directory / "broken") == runs.published(directory / "whole"), "every policy is published"
    )
    for step in range(1, STEPS + 1):
        distance = runs.distance(*(runs.adapter(directory / name, step) for name in ("whole", "broken")))
        runs.expect(distance == 0, f"policy {step} is the same to the last bit")

    before = {path: path.stat().st_mtime_ns for path in (directory / "broken" / "policy").rglob("*")}
    runs.expect_done(runs.train(broken))
    after = {path: path.stat().st_mtime_ns for path in (directory / "broken" / "policy").rglob("*")}
    runs.expect(before == after, "a start after the last step changes nothing")


if __name__ == "__main__":
    main()
