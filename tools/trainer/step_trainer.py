"""TRL's GRPOTrainer, fed from step files.

What TRL calls generation is here the reading of a step file: its rows are the prompts, completions,
sampler log-probabilities and loss masks, and its recorded rewards are what the only reward function
returns. Loss, correction, optimizer, schedule, accumulation and logging are TRL's and Trainer's own.
"""

import functools
import math
import sys
import time
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import gather_object
from datasets import Dataset
from transformers import PrinterCallback, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

import padding
import policy
from advantages import check_advantages
from checkpoints import Checkpoints
from failures import NotFinite
from fused_head import FusedHead
from settings import Settings
from step_file import Episode, Step, read_step, step_path, wait_for


class EngineElsewhere:
    """Stands where TRL has its vLLM: the program itself takes each policy to the engines."""

    def sync_weights(self) -> None:
        pass


class PublishAtStart(TrainerCallback):
    """A kill between a checkpoint and the publication of its policy leaves the second to the next start."""

    def __init__(self, trainer: "StepTrainer") -> None:
        self.trainer = trainer

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self.trainer.publish_policy()


def recorded(reward: list[float | None], **_: Any) -> list[float | None]:
    """The reward function: what the step file says."""
    return reward


class StepTrainer(GRPOTrainer):
    def __init__(
        self, settings: Settings, args: GRPOConfig, head: FusedHead, checkpoints: Checkpoints, **keywords: Any
    ) -> None:
        # One row a group and an epoch a step: where an interrupted run goes on, no batch is to be skipped.
        groups = Dataset.from_dict({"prompt": [str(index) for index in range(settings.groups_per_step)]})
        super().__init__(
            args=args,
            reward_funcs=recorded,
            train_dataset=groups,
            rollout_func=lambda prompts, trainer: trainer.feed(prompts),
            **keywords,
        )
        self.settings = settings
        self.head = head
        self.checkpoints = checkpoints
        # The correction for the engine's probabilities belongs to TRL's vLLM mode, which would start one.
        self.use_vllm = True
        self.vllm_generation = EngineElsewhere()
        self._last_loaded_step = -1
        self.step: Step | None = None
        self.rows: list[Episode] = []
        self.wait_seconds = 0.0
        self.read_at = time.monotonic()
        self.not_finite: list[str] = []
        # Neither checkpoint nor policy needs a description for readers, which takes longer than all the rest of it.
        self.model.create_or_update_model_card = lambda _: None
        self.remove_callback(PrinterCallback)
        self.add_callback(PublishAtStart(self))

    # Feeding

    def feed(self, prompts: list[str]) -> dict[str, Any]:
        """The rows of this process in the next step file."""
        settings = self.settings
        number = self.state.global_step // settings.updates_per_step + 1
        path = step_path(settings.run_directory, number)
        self.wait_seconds = wait_for(path)
        self.read_at = time.monotonic()
        self.step = read_step(
            path, settings.run_id, number, settings.groups_per_step, settings.group_size
        )
        self.head.set_temperature(self.step.temperature, self.args.cast_lm_head_to_fp32)
        first = self.accelerator.process_index * len(prompts)
        expected = [str(row // settings.group_size) for row in range(first, first + len(prompts))]
        assert prompts == expected, "the sampler hands out rows group after group, process after process"
        self.rows = self.step.episodes[first : first + len(prompts)]
        filler = self.processing_class.pad_token_id
        fed = [row if row.reward is not None else without_tokens(row, filler) for row in self.rows]
        return {
            "prompt_ids": [row.prompt for row in fed],
            "completion_ids": [row.completion for row in fed],
            "logprobs": [row.log_probabilities for row in fed],
            "env_mask": [row.mask for row in fed],
            "reward": [row.reward for row in fed],
        }

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        batch = super()._generate_and_score_completions(inputs)
        check_advantages(
            batch["advantages"].tolist(), self.rows, self.step.episodes, self.settings.scale_rewards
        )
        # TRL computes in single precision, which gives equal rewards a small advantage; the record is exact.
        batch["advantages"] = torch.tensor(
            [row.advantage for row in self.rows], dtype=batch["advantages"].dtype, device=batch["advantages"].device
        )
        batch["row"] = torch.arange(len(self.rows))
        return batch

    def _get_per_token_logps_and_entropies(
        self, model: Any, input_ids: torch.Tensor, attention_mask: torch.Tensor, logits_to_keep: int,
        batch_size: int | None = None, **keywords: Any,
    ) -> padding.Pass:
        compute = functools.partial(super()._get_per_token_logps_and_entropies, model)
        rows = batch_size or len(input_ids)
        return padding.in_parts(compute, input_ids, attention_mask, logits_to_keep, rows, keywords)

    # Guards

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        loss = super()._compute_loss(model, inputs)
        if not torch.isfinite(loss):
            rows = [self.rows[index] for index in inputs["row"].tolist()]
            self.not_finite += [f"{row.problem_index}/{row.sample_index}" for row in rows]
        return loss

    def _get_grad_norm(self, model: Any, grad_norm: Any = None) -> Any:
        norm = super()._get_grad_norm(model, grad_norm)
        # All processes agree, so that all of them stop.
        episodes = sorted(gather_object(self.not_finite))
        if episodes or not math.isfinite(float(norm)):
            what = "loss" if episodes else "gradient norm"
            among = f", in a batch of these episodes (problem/sample): {' '.join(episodes)}" if episodes else ""
            raise NotFinite(
                f"{what} is not finite at step {self.step.number}{among}; no update was made and the last policy "
                f"stands; lower learning_rate, or look at the episodes"
            )
        return norm

    # What is kept

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        super()._load_from_checkpoint(resume_from_checkpoint, model)
        adapted = self.model if model is None else model
        # Trainer loads adapters in subfolders or the one beside them; TRL's reference adapter has a subfolder.
        if "ref" in getattr(adapted, "peft_config", {}):
            adapted.load_adapter(resume_from_checkpoint, "default", is_trainable=True)
            adapted.set_adapter("default")

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if "loss" not in logs:  # The summary at the end.
            return
        logs["wait_seconds"] = self.wait_seconds
        logs["train_seconds"] = time.monotonic() - self.read_at
        # Every checkpoint holds this list; the history is in the policies' own metrics.
        self.state.log_history = []
        super().log(logs, start_time)
        if self.accelerator.is_main_process:
            print(step_line(self.step.number, logs), file=sys.stderr, flush=True)

    def _maybe_log_save_evaluate(self, *arguments: Any, **keywords: Any) -> None:
        super()._maybe_log_save_evaluate(*arguments, **keywords)
        self.publish_policy()

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """A checkpoint is no publication; nothing is written about it."""

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        self.accelerator.wait_for_everyone()
        if self.accelerator.is_main_process:
            self.checkpoints.mark(self.state.global_step)
            self.checkpoints.keep(self.settings.checkpoints_kept)

    def publish_policy(self) -> None:
        """Publishes the policy of the step just done, if that step is done and its policy is not there yet."""
        number, rest = divmod(self.state.global_step, self.settings.updates_per_step)
        path = policy.policy_path(self.settings.run_directory, number)
        if number == 0 or rest != 0 or not self.state.log_history or self.is_published(path):
            return
        state = None
        if self.is_deepspeed_enabled or self.is_fsdp_enabled:
            state = self.accelerator.get_state_dict(self.model_wrapped)
        if self.accelerator.is_main_process:
            logged = self.state.log_history[-1]
            metrics = policy.metrics_of(number, logged, logged["wait_seconds"], logged["train_seconds"])
            policy.publish(self.accelerator.unwrap_model(self.model_wrapped), state, path, metrics)

    def is_published(self, path: Path) -> bool:
        """As the main process sees it: processes that look for themselves may see different things."""
        return gather_object([path.exists()])[0]


def without_tokens(row: Episode, filler: int) -> Episode:
    """An episode that says nothing about the model, as a row that weighs nothing and costs little."""
    return Episode(
        row.problem_index, row.sample_index, [filler], [filler], [0], [0.0], None, row.advantage
    )


def step_line(number: int, logs: dict[str, float]) -> str:
    def shown(name: str) -> str:
        number = logs.get(name)
        return "-" if number is None else f"{number:.4g}"

    return (
        f"trainer: step {number} loss={shown('loss')} grad_norm={shown('grad_norm')} "
        f"learning_rate={shown('learning_rate')} entropy={shown('entropy')} "
        f"ratio={shown('sampling/importance_sampling_ratio/mean')} "
        f"train_seconds={logs['train_seconds']:.2f} wait_seconds={logs['wait_seconds']:.2f}"
    )
