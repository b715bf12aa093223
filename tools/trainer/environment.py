"""The process environment of the trainer: set before anything that reads it is imported."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from failures import BadInput
from settings import Settings

PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "h5py", "numpy", "safetensors")


@dataclass
class Origin:
    """The process that started this one; nobody else would end a trainer that waits."""

    process: int = 0

    def is_gone(self) -> bool:
        return os.getppid() != self.process


origin = Origin()


def prepare(settings: Settings) -> None:
    """Checks that the packages are there and keeps what they would send on this machine."""
    origin.process = os.getppid()
    logger = () if settings.log == "none" else (settings.log,)
    for package in (*PACKAGES, *logger):
        if importlib.util.find_spec(package) is None:
            mend = "run tools/setup, or name the Python of .venv in the trainer's command"
            if package == "wandb":
                mend = "install it beside the others, or choose log: tensorboard"
            raise BadInput(f"{sys.executable} has no package {package}; {mend}")
    os.environ.update({
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "TRL_EXPERIMENTAL_SILENCE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TENSORBOARD_LOGGING_DIR": str(settings.trainer_directory / "tensorboard"),
    })
    if settings.log == "wandb":
        os.environ.update({
            "WANDB_DIR": str(settings.trainer_directory), "WANDB_DISABLE_GIT": "true", "WANDB_DISABLE_CODE": "true",
        })
        # Curves are sent only by `wandb sync`, or where the environment asks for it by name.
        os.environ.setdefault("WANDB_MODE", "offline")
    if Path(settings.model).is_dir():
        os.environ["HF_HUB_OFFLINE"] = "1"


def training_function() -> Callable[[Settings], None]:
    """The training itself; its imports take a while and read the environment."""
    try:
        # TRL would import vLLM, which takes longer than all the rest: the engine is another process.
        # `import trl.import_utils` would give the package itself, which hides its modules.
        importlib.import_module("trl.import_utils").is_vllm_available = lambda *_, **__: False
        return importlib.import_module("training").train
    except ImportError as error:
        raise BadInput(f"{sys.executable} cannot import {error.name or 'a package'}: {error}; run tools/setup") from error


def process_count() -> int:
    """Trainer processes, as every launcher of torch says it."""
    return int(os.environ.get("WORLD_SIZE", "1"))
