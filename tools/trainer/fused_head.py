"""TRL's fused LM head, made again whenever the sampling temperature changes.

The engine's log-probabilities are those after division by the temperature, and the temperature
follows a schedule. TRL fixes the temperature inside the forward method that it puts on the model,
so another temperature needs another method. That TRL's own one can be put on again, the method
the model had before is kept.
"""

from typing import Any

from trl.trainer.utils import add_fused_lm_head

OUTPUTS = ("log_probs", "entropy")


class FusedHead:
    """The place of the fused head on one causal language model."""

    def __init__(self, model: Any) -> None:
        """`model` is the base model, before TRL has seen it."""
        self.model = model
        self.plain_forward = vars(model).get("forward")
        self.temperature: float | None = None

    def set_temperature(self, temperature: float, in_float32: bool) -> None:
        if temperature == self.temperature:
            return
        vars(self.model).pop("forward", None)
        if self.plain_forward is not None:
            self.model.forward = self.plain_forward
        add_fused_lm_head(
            self.model, temperature=temperature, cast_lm_head_to_fp32=in_float32, outputs=OUTPUTS
        )
        self.temperature = temperature
