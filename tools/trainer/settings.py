"""What the trainer is told: the settings file that the program writes before it starts the trainer.

Only the standard library is imported here: the settings are read, and the process environment
prepared by them, before torch is loaded.
"""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from failures import BadInput

CHOICES = {
    "model_dtype": ("float32", "bfloat16", "auto"),
    "scale_rewards": ("group", "none"),
    "importance_mode": ("sequence_mask", "sequence_truncate", "token_mask", "token_truncate"),
    "loss_type": ("dapo", "grpo", "dr_grpo", "bnpo", "luspo", "cispo", "sapo", "vespo"),
    "log": ("none", "tensorboard", "wandb"),
}
POSITIVE = (
    "steps", "groups_per_step", "updates_per_step", "micro_batch", "checkpoint_steps", "checkpoints_kept",
    "output_token_limit",
)


@dataclass(frozen=True)
class Lora:
    """The adapter to train; with `start_adapter` that adapter's own configuration holds instead."""

    rank: int = 32
    alpha: float = 16
    dropout: float = 0.0
    rslora: bool = True  # Scaled by alpha / sqrt(rank) instead of alpha / rank.
    targets: str | list[str] = "all-linear"


@dataclass(frozen=True)
class Settings:
    """Every key of the settings file. Keys without a default must be there."""

    run: str  # The run directory: steps/, policy/ and trainer/ are in it.
    run_id: str  # Step files and checkpoints of any other run are refused.
    model: str  # Directory or name of the base model.
    steps: int  # Steps of the whole run; step n is trained from steps/n.h5.
    groups_per_step: int  # Problems trained on in a step.
    group_size: int  # Episodes of each problem, 2 or more.
    micro_batch: int  # Episodes in one forward pass of one process, at most.
    output_token_limit: int  # Longest output of an episode; only the loss type `dr_grpo` uses it.
    model_dtype: str = "float32"  # Of the base model's weights; `auto` as in its files.
    seed: int = 0
    scale_rewards: str = "group"  # Advantages over the group's deviation; `none`: relative to its mean only.
    learning_rate: float = 1e-6
    schedule: str = "cosine"  # Any scheduler of transformers.
    warmup_ratio: float = 0.1  # Share of all optimizer steps.
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    epsilon: float = 0.2  # Probability ratios are clipped to 1 - epsilon ... 1 + epsilon_high.
    epsilon_high: float = 0.4
    beta: float = 0.0  # Weight of the KL divergence from the start.
    loss_type: str = "dapo"
    updates_per_step: int = 1  # Optimizer steps from one step file; a policy is published after the last.
    importance_mode: str = "sequence_mask"  # Correction for the engine's probabilities being not quite ours.
    importance_clip_max: float | None = 3.0
    lora: Lora = field(default_factory=Lora)
    start_adapter: str | None = None  # An adapter to go on training from.
    gradient_checkpointing: bool = False
    checkpoint_steps: int = 1  # Steps from one checkpoint to the next.
    checkpoints_kept: int = 2
    log: str = "none"  # Where curves go besides metrics.json: trainer/tensorboard, or W&B.
    further: dict[str, Any] = field(default_factory=dict)  # Any other field of TRL's GRPOConfig.

    @property
    def run_directory(self) -> Path:
        return Path(self.run)

    @property
    def trainer_directory(self) -> Path:
        return self.run_directory / "trainer"

    @property
    def rows_per_step(self) -> int:
        return self.groups_per_step * self.group_size

    def batches(self, process_count: int) -> tuple[int, int]:
        """Rows of a forward pass, and forward passes to an optimizer step, of each process.

        The micro-batch is the largest size, up to the one asked for, that divides a process's rows.
        """
        rows, remainder = divmod(self.rows_per_step, process_count)
        if remainder:
            raise BadInput(
                f"{self.groups_per_step} groups of {self.group_size} are {self.rows_per_step} episodes, "
                f"which {process_count} processes cannot share evenly; change groups_per_step or the process count"
            )
        micro_batch = max(size for size in range(1, min(self.micro_batch, rows) + 1) if rows % size == 0)
        return micro_batch, rows // micro_batch


def read_settings(path: Path) -> Settings:
    try:
        values = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BadInput(f"settings {path}: {error}") from error
    if not isinstance(values, dict):
        raise BadInput(f"settings {path}: not an object")
    try:
        if isinstance(values.get("lora"), dict):
            values["lora"] = Lora(**values["lora"])
        settings = Settings(**values)
    except TypeError as error:
        raise BadInput(f"settings {path}: {str(error).split('__init__() ')[-1]}") from error
    try:
        check(settings)
    except BadInput as error:
        raise BadInput(f"settings {path}: {error}") from None
    return settings


def check(settings: Settings) -> None:
    if settings.group_size < 2:
        raise BadInput("group_size 1 gives no advantages: a group is compared with itself; use 2 or more")
    for name in POSITIVE:
        if getattr(settings, name) < 1:
            raise BadInput(f"{name} is {getattr(settings, name)}; use 1 or more")
    for name, choices in CHOICES.items():
        if getattr(settings, name) not in choices:
            raise BadInput(f"{name} is {getattr(settings, name)!r}; use one of {', '.join(choices)}")
    if settings.model.startswith(("/", ".")) and not Path(settings.model).is_dir():
        raise BadInput(f"model {settings.model} is no directory; name that of the base model")
    if settings.lora.rank < 1 or not 0 <= settings.lora.dropout < 1:
        raise BadInput("lora: rank is 1 or more, dropout in 0 ..< 1")
    if settings.loss_type == "vespo" and settings.importance_mode.startswith("sequence"):
        raise BadInput("loss_type vespo needs importance_mode token_mask or token_truncate")

