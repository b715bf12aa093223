"""The base model, its tokenizer, and the adapter to train."""

from pathlib import Path
from typing import Any

from peft import LoraConfig, PeftModel
from transformers import AutoTokenizer
from trl.trainer.utils import create_model_from_path

from base_model import check_base
from failures import BadInput
from fused_head import FusedHead
from settings import Settings


def load(settings: Settings) -> tuple[dict[str, Any], FusedHead]:
    """What TRL is given (model, adapter configuration, tokenizer), and the place of its fused head."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(settings.model, padding_side="left", truncation_side="left")
        base = create_model_from_path(
            settings.model,
            **{"dtype": settings.model_dtype, "device_map": None, **settings.further.get("model_init_kwargs", {})},
        )
    except (OSError, ValueError) as error:
        raise BadInput(f"model {settings.model}: {first_line(error)}") from error
    head = FusedHead(base)
    given: dict[str, Any] = {"model": base, "processing_class": tokenizer}
    if settings.start_adapter is None:
        given["peft_config"] = LoraConfig(
            r=settings.lora.rank,
            lora_alpha=settings.lora.alpha,
            lora_dropout=settings.lora.dropout,
            use_rslora=settings.lora.rslora,
            target_modules=settings.lora.targets,
            task_type="CAUSAL_LM",
        )
    else:
        check_base(Path(settings.start_adapter), settings.model, base)
        given["model"] = PeftModel.from_pretrained(base, settings.start_adapter, is_trainable=True)
    return given, head


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
