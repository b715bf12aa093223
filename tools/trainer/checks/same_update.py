"""Two processes make the same update as one, within rounding.

    python tools/trainer/checks/same_update.py DIRECTORY

The two are started as on a cluster, by `accelerate launch`; gradients are summed over gloo.
"""

import subprocess
import sys
from pathlib import Path

import runs

STEPS = 2
# Distance of the adapters over the distance that training went. Adam divides by the gradient's size,
# so that where a gradient is nearly nothing, rounding alone decides its step.
TOLERANCE = 1e-2


def main() -> None:
    directory = Path(sys.argv[1])
    one = runs.prepare_run(directory / "one", STEPS, failed=1)
    two = runs.prepare_run(directory / "two", STEPS, failed=1)
    # Not with --cpu: that starts several processes by mpirun only, and else one without a word.
    launcher = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2",
                "--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no",
                "--num_cpu_threads_per_process", "1", "--main_process_port", "0"]
    with runs.log_path(two).open("w") as log:
        pair = subprocess.Popen(
            [*launcher, str(runs.TRAINER / "grpo.py"), "--settings", str(two)], stdout=log, stderr=log
        )
        runs.import_trainer()
        ended = runs.train(one)
        pair.wait()
    runs.expect_done(ended)
    runs.expect_done(runs.Ended(pair.returncode, runs.log_path(two).read_text()))
    lines = [line for line in runs.log_path(two).read_text().splitlines() if line.startswith("trainer: ")]
    runs.expect("processes=2" in lines[0], "two processes train together")
    runs.expect(len(lines) == 1 + STEPS, "one line a step, from one of them")

    for step in range(1, STEPS + 1):
        alone, together = runs.adapter(directory / "one", step), runs.adapter(directory / "two", step)
        distance = runs.distance(alone, together)
        went = runs.moved(alone)
        runs.expect(distance <= TOLERANCE * went, f"policy {step}: {distance:.3g} apart after {went:.3g}")


if __name__ == "__main__":
    main()
