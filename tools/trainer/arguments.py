"""Our settings as TRL's own configuration."""

import dataclasses
from typing import Any

import torch
from transformers import AutoConfig
from trl import GRPOConfig

from environment import process_count
from failures import BadInput
from settings import Settings

# Defaults that `further` may replace.
REPLACEABLE = {"bf16", "ddp_find_unused_parameters"}
# What the hand-over between the two programs fixes, besides the fields set below.
RESERVED = {
    "use_vllm", "num_train_epochs", "steps_per_generation", "generation_batch_size", "reward_weights",
    "multi_objective_aggregation", "push_to_hub", "hub_model_id", "hub_token", "log_completions_hub_repo",
    "resume_from_checkpoint", "do_eval", "eval_strategy", "eval_on_start", "load_best_model_at_end",
    "save_only_model", "save_on_each_node", "auto_find_batch_size", "temperature",
}


def checkpoint_directory(settings: Settings) -> str:
    return str(settings.trainer_directory / "checkpoints")


def is_bfloat16(settings: Settings) -> bool:
    if settings.model_dtype != "auto":
        return settings.model_dtype == "bfloat16"
    return AutoConfig.from_pretrained(settings.model).dtype == torch.bfloat16


def grpo_config(settings: Settings) -> GRPOConfig:
    micro_batch, passes = settings.batches(process_count())
    updates = settings.updates_per_step
    values: dict[str, Any] = {
        "output_dir": checkpoint_directory(settings),
        "seed": settings.seed,
        "max_steps": settings.steps * updates,
        "num_iterations": updates,
        "num_generations": settings.group_size,
        "per_device_train_batch_size": micro_batch,
        "gradient_accumulation_steps": passes,
        "max_completion_length": settings.output_token_limit,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.schedule,
        "warmup_steps": settings.warmup_ratio,  # Below 1 it is a share.
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.max_grad_norm,
        "epsilon": settings.epsilon,
        "epsilon_high": settings.epsilon_high,
        "beta": settings.beta,
        "loss_type": settings.loss_type,
        "scale_rewards": settings.scale_rewards,
        "vllm_importance_sampling_correction": True,
        "vllm_importance_sampling_mode": settings.importance_mode,
        "vllm_importance_sampling_clip_max": settings.importance_clip_max,
        "gradient_checkpointing": settings.gradient_checkpointing,
        "bf16": is_bfloat16(settings),
        "use_cpu": not torch.accelerator.is_available(),
        "dataloader_pin_memory": torch.accelerator.is_available(),
        "ddp_find_unused_parameters": False,  # Every pass uses the whole adapter.
        "shuffle_dataset": False,
        "logging_strategy": "steps",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "steps",
        "save_steps": settings.checkpoint_steps * updates,
        "save_total_limit": None,  # Old checkpoints go only after the new one is marked whole.
        "report_to": settings.log,
        "run_name": settings.run_id,
        "disable_tqdm": True,
    }
    known = {field.name for field in dataclasses.fields(GRPOConfig)}
    for name in settings.further:
        if name not in known:
            raise BadInput(f"further.{name} is no field of TRL's GRPOConfig")
        if name in RESERVED or name in values.keys() - REPLACEABLE:
            raise BadInput(f"further.{name} is set by the training run itself; remove it")
    if settings.further.get("sync_ref_model"):
        raise BadInput(
            "further.sync_ref_model: TRL 1.16 has no reference model to synchronise when it trains an adapter; "
            "with beta above 0 the divergence is from the start of the run"
        )
    further = {name: value for name, value in settings.further.items() if name != "model_init_kwargs"}
    return GRPOConfig(**{**values, **further})
