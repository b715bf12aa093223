"""Runs of the trainer for its checks: a directory with step files, a process, its adapters.

A run is a child of the check that has already imported everything, so that a check of several runs
pays for the imports once; the child then does what grpo.py does, under a process id of its own.
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRAINER = Path(__file__).resolve().parents[1]
REPOSITORY = TRAINER.parents[1]
EARLY_MODEL = REPOSITORY / "configs" / "demo" / "early-model"
sys.path.insert(0, str(TRAINER))

import environment  # noqa: E402
import grpo  # noqa: E402
from settings import Settings  # noqa: E402
from step_files import write_steps  # noqa: E402

GROUPS, GROUP_SIZE = 2, 4
LEARNING_RATE = 1e-3


@dataclass(frozen=True)
class Ended:
    status: int
    log: str


def prepare_run(run: Path, steps: int, failed: int = 0, **changes: Any) -> Path:
    """Step files and settings of a small run in `run`; the settings' path."""
    values: dict[str, Any] = {
        "run": str(run), "run_id": "check", "model": str(EARLY_MODEL), "steps": steps, "groups_per_step": GROUPS,
        "group_size": GROUP_SIZE, "micro_batch": 4, "output_token_limit": 512, "learning_rate": LEARNING_RATE,
        "schedule": "constant", "warmup_ratio": 0.0, **changes,
    }
    write_steps(run, steps, values["groups_per_step"], values["group_size"], "check", failed=failed)
    path = run / "trainer" / "settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values))
    return path


def import_trainer() -> None:
    """The imports that runs share; the models here are directories, so nothing is looked up elsewhere."""
    environment.prepare(Settings("", "", str(EARLY_MODEL), 1, 1, 2, 1, 1))
    environment.training_function()


def start(settings: Path) -> int:
    """Starts a run in a process of its own; its id."""
    process = os.fork()
    if process:
        return process
    log = os.open(log_path(settings), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    status = 1
    try:
        status = grpo.main(["--settings", str(settings)])
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def log_path(settings: Path) -> Path:
    return settings.with_name("trainer.log")


def finish(process: int, settings: Path) -> Ended:
    _, status = os.waitpid(process, 0)
    return Ended(os.waitstatus_to_exitcode(status), log_path(settings).read_text())


def train(settings: Path) -> Ended:
    return finish(start(settings), settings)


def expect(condition: bool, fact: str) -> None:
    """Prints `fact`, or ends the check when it is not one."""
    if not condition:
        sys.exit(f"FAILED: {fact}")
    print(f"ok: {fact}", flush=True)


def expect_done(ended: Ended) -> None:
    if ended.status != 0:
        sys.exit(f"FAILED: the trainer ended with status {ended.status}\n{ended.log}")


def adapter(run: Path, step: int) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(run / "policy" / f"{step:06d}" / "adapter_model.safetensors")


def published(run: Path) -> list[str]:
    return sorted(path.name for path in (run / "policy").glob("[0-9]*"))


def distance(first: dict[str, Any], second: dict[str, Any]) -> float:
    """Euclidean distance of two adapters, all weights together."""
    return sum(float(((first[name] - second[name]).double() ** 2).sum()) for name in first) ** 0.5


def moved(trained: dict[str, Any]) -> float:
    """How far training has taken the half of an adapter that starts at zero."""
    return sum(float((weights.double() ** 2).sum()) for name, weights in trained.items() if "lora_B" in name) ** 0.5


def wait_until(condition: Any, seconds: float = 300) -> None:
    start_time = time.monotonic()
    while not condition():
        if time.monotonic() - start_time > seconds:
            sys.exit("FAILED: waited too long")
        time.sleep(0.002)
