"""Whether an adapter belongs to a base model: by its shapes, and by the weights it was trained on.

Names alone say little: the same model has other paths on other machines, and two models of one
architecture take each other's adapters without complaint.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from safetensors import safe_open

from failures import BadInput

KEY_PREFIX = "base_model.model."
DIGEST_BYTES = 1 << 20


def check_base(adapter: Path, model: str, base: Any) -> None:
    """Stops unless `adapter` fits `base`, which was loaded from `model`."""
    try:
        configuration = json.loads((adapter / "adapter_config.json").read_text())
        shapes = factor_shapes(adapter / "adapter_model.safetensors")
    except Exception as error:
        raise BadInput(f"start_adapter {adapter}: not an adapter directory of PEFT ({error})") from error
    if not shapes:
        raise BadInput(f"start_adapter {adapter}: it holds no LoRA weights")
    modules = dict(base.named_modules())
    for name, (inputs, outputs) in shapes.items():
        found = modules.get(name)
        fits = (getattr(found, "in_features", None), getattr(found, "out_features", None))
        if found is None or fits != (inputs, outputs):
            what = "has no such layer" if found is None else f"has one of {fits[0]} to {fits[1]}"
            raise BadInput(
                f"start_adapter {adapter} was trained on another model: its layer {name} maps {inputs} to {outputs} "
                f"features, {model} {what}; name that model or another adapter"
            )
    check_weights(adapter, str(configuration.get("base_model_name_or_path") or ""), model)


def factor_shapes(path: Path) -> dict[str, tuple[int, int]]:
    """Inputs and outputs of each layer that the adapter changes, by the layer's name in the base model."""
    shapes: dict[str, list[int]] = {}
    with safe_open(path, framework="numpy") as file:
        for key in file.keys():
            for part, axis in ((".lora_A.weight", 1), (".lora_B.weight", 0)):
                if key.endswith(part):
                    name = key.removeprefix(KEY_PREFIX).removesuffix(part)
                    shapes.setdefault(name, [0, 0])[1 - axis] = file.get_slice(key).get_shape()[axis]
    return {name: (inputs, outputs) for name, (inputs, outputs) in shapes.items()}


def check_weights(adapter: Path, trained_on: str, model: str) -> None:
    """Compares the weights themselves where both models are directories here."""
    if trained_on == model or not trained_on:
        return
    if Path(trained_on).is_dir() and Path(model).is_dir():
        if weights_digest(Path(trained_on)) != weights_digest(Path(model)):
            raise BadInput(
                f"start_adapter {adapter} was trained on {trained_on}, whose weights are not those of {model}; "
                "name that model or another adapter"
            )
    elif Path(trained_on).name != Path(model).name:
        print(
            f"trainer: start_adapter {adapter} says it was trained on {trained_on}, this is {model}: same shapes, "
            "taken for the same model", file=sys.stderr,
        )


def weights_digest(directory: Path) -> str:
    """A digest of both ends of every weight file; two trained models differ everywhere."""
    digest = hashlib.sha256()
    for path in sorted(directory.glob("*.safetensors")):
        size = path.stat().st_size
        with path.open("rb") as file:
            digest.update(f"{path.name} {size} ".encode())
            digest.update(file.read(DIGEST_BYTES))
            file.seek(max(0, size - DIGEST_BYTES))
            digest.update(file.read(DIGEST_BYTES))
    return digest.hexdigest()
