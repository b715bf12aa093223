"""Makes a model as deep as asked that says exactly what a shallow one says.

    deepen_model.py SOURCE TARGET LAYERS

The layers added compute like the others, but what they would add to the residual stream is zero:
their output projections (`o_proj`, `down_proj`) are. So each token costs what it costs in a model of
that depth, and every logit stays what it was.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

ADDED_TO_THE_STREAM = ("o_proj", "down_proj")


def deepen(source: Path, target: Path, layer_count: int) -> None:
    shutil.copytree(source, target)
    config = json.loads((source / "config.json").read_text())
    own_count = config["num_hidden_layers"]
    config |= {
        "num_hidden_layers": layer_count,
        "max_window_layers": layer_count,
        "layer_types": ["full_attention"] * layer_count,
    }
    (target / "config.json").write_text(json.dumps(config, indent=2))
    tensors = load_file(source / "model.safetensors")
    first = "model.layers.0."
    for name in [name for name in tensors if name.startswith(first)]:
        adds = any(part in name for part in ADDED_TO_THE_STREAM)
        for layer in range(own_count, layer_count):
            copy = torch.zeros_like(tensors[name]) if adds else tensors[name].clone()
            tensors[f"model.layers.{layer}.{name.removeprefix(first)}"] = copy
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})


deepen(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
