"""Publication of policies: RUN/policy/NNNNNN is an adapter directory that is whole as soon as it is there."""

import json
import math
import os
import shutil
from pathlib import Path
from typing import Any


def policy_path(run: Path, number: int) -> Path:
    return run / "policy" / f"{number:06d}"


def publish(model: Any, state: dict[str, Any] | None, path: Path, metrics: dict[str, Any]) -> None:
    """Writes the trained adapter of `model` and `metrics` as the directory `path`.

    `state` holds the weights where `model` itself has only a part of them. One process calls this.
    """
    temporary = path.with_name(f".{path.name}.writing")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    # A reference adapter, where there is one, stays here; embeddings are never trained.
    model.save_pretrained(
        temporary, state_dict=state, selected_adapters=["default"], save_embedding_layers=False
    )
    (temporary / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    make_durable(temporary)
    temporary.rename(path)
    synchronize(path.parent)


def metrics_of(step: int, logged: dict[str, Any], wait_seconds: float, train_seconds: float) -> dict[str, Any]:
    """The figures of one step under names of our own, and all of TRL's beside them; null where there is none."""
    def value(name: str) -> float | None:
        number = logged.get(name)
        return number if isinstance(number, (int, float)) and math.isfinite(number) else None

    ratio = "sampling/importance_sampling_ratio"
    return {
        "step": step,
        "loss": value("loss"),
        "grad_norm": value("grad_norm"),
        "learning_rate": value("learning_rate"),
        "entropy": value("entropy"),
        "kl": value("kl"),
        "clip_ratio_low": value("clip_ratio/low_mean"),
        "clip_ratio_high": value("clip_ratio/high_mean"),
        "clip_ratio": value("clip_ratio/region_mean"),
        "importance_ratio_min": value(f"{ratio}/min"),
        "importance_ratio_mean": value(f"{ratio}/mean"),
        "importance_ratio_max": value(f"{ratio}/max"),
        "train_seconds": train_seconds,
        "wait_seconds": wait_seconds,
        "logged": {name: value(name) for name in sorted(logged)},
    }


def make_durable(directory: Path) -> None:
    """Brings every file below `directory` to the disk."""
    for path in sorted(directory.rglob("*")):
        synchronize(path)
    synchronize(directory)


def synchronize(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
