"""Trains the demo model from scratch and writes two checkpoints: about 20 minutes on two idle cores.

    python tools/demo-model/train.py

Two cycles make the model, configs/demo/model: one over all families alike, one with more of the
hard ones. From the end of the first cycle a copy goes on for a few steps with half of its prompts
answered without the tool, mostly wrongly. It becomes configs/demo/early-model: a start from which
training by rewards can find out that the tool pays.
Everything is seeded: the same versions, CPU type and thread count give the same weights.
"""

import argparse
import copy
import math
import multiprocessing
import time
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from transformers import Qwen3Config, Qwen3ForCausalLM

import tokenizer as demo_tokenizer
from traces import Trace, trace

DEMO = Path(__file__).resolve().parents[2] / "configs" / "demo"
VOCABULARY_SIZE = 512
CONTEXT_TOKENS = 2048
IGNORED = -100
BATCH = 32
HASTY_STEPS = 28
HASTY_RATE = 5e-4

Example = tuple[list[int], list[int]]  # Ids and labels, of equal length.


def make_traces(prefix: str, count: int, processes: int) -> list[Trace]:
    with multiprocessing.Pool(processes) as pool:
        return pool.map(trace, [f"{prefix}-{index}" for index in range(count)], chunksize=64)


def encode(pieces: Trace, tokenizer: Tokenizer) -> Example:
    ids: list[int] = []
    labels: list[int] = []
    for piece in pieces:
        part = tokenizer.encode(piece.text, add_special_tokens=False).ids
        ids += part
        labels += part if piece.learned else [IGNORED] * len(part)
    return ids, labels


def similar_lengths(examples: list[Example], chunks: int) -> list[list[Example]]:
    """One batch in parts that need little padding."""
    ordered = sorted(examples, key=lambda example: len(example[0]))
    size = math.ceil(len(ordered) / chunks)
    return [ordered[first:first + size] for first in range(0, len(ordered), size)]


def padded(examples: list[Example], pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Padding is on the right, so causal attention needs no mask to ignore it."""
    width = max(len(ids) for ids, _ in examples)
    ids = [ids + [pad_id] * (width - len(ids)) for ids, _ in examples]
    labels = [labels + [IGNORED] * (width - len(labels)) for _, labels in examples]
    return torch.tensor(ids), torch.tensor(labels)


def make_model(tokenizer: Tokenizer) -> Qwen3ForCausalLM:
    end = tokenizer.token_to_id("<|im_end|>")
    config = Qwen3Config(
        vocab_size=VOCABULARY_SIZE, hidden_size=192, intermediate_size=512, num_hidden_layers=4,
        num_attention_heads=6, num_key_value_heads=3, head_dim=32, rope_theta=10000.0,
        max_position_embeddings=CONTEXT_TOKENS, tie_word_embeddings=True,
        eos_token_id=end, bos_token_id=None, pad_token_id=tokenizer.token_to_id("<|endoftext|>"),
    )
    return Qwen3ForCausalLM(config)


def save(model: Qwen3ForCausalLM, tokenizer: Tokenizer, directory: Path) -> None:
    """Half the size in bfloat16; a copy is rounded, training goes on in float32."""
    directory.mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).to(torch.bfloat16).save_pretrained(directory)
    demo_tokenizer.save(tokenizer, directory, CONTEXT_TOKENS)


def make_optimizer(model: Qwen3ForCausalLM) -> torch.optim.Optimizer:
    return torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Linear warm-up over 50 steps, then a cosine to zero."""
    if step < 50:
        return peak * (step + 1) / 50
    return peak * 0.5 * (1 + math.cos(math.pi * (step - 50) / (steps - 50)))


def update(
    model: Qwen3ForCausalLM, optimizer: torch.optim.Optimizer, rate: float, examples: list[Example]
) -> float:
    """One step on one batch; returns the mean loss over its learned tokens."""
    learned_count = sum(label != IGNORED for _, labels in examples for label in labels)
    loss = 0.0
    for part in similar_lengths(examples, chunks=4):
        ids, labels = padded(part, model.config.pad_token_id)
        part_loss = model(input_ids=ids, labels=labels, num_items_in_batch=learned_count).loss
        part_loss.backward()
        loss += part_loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    optimizer.zero_grad()
    return loss


def train_cycle(model: Qwen3ForCausalLM, examples: list[Example], random: Random, steps: int, peak: float) -> None:
    optimizer = make_optimizer(model)
    start = time.monotonic()
    for step in range(steps):
        rate = learning_rate(step, steps, peak)
        loss = update(model, optimizer, rate, random.sample(examples, BATCH))
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} of {steps}: loss {loss:.3f}, {time.monotonic() - start:.0f} s", flush=True)


def make_hasty(model: Qwen3ForCausalLM, good: list[Example], hasty: list[Example], random: Random) -> None:
    optimizer = make_optimizer(model)
    for _ in range(HASTY_STEPS):
        batch = random.sample(good, BATCH // 2) + random.sample(hasty, BATCH // 2)
        update(model, optimizer, HASTY_RATE, batch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=DEMO, help="where model/ and early-model/ are written")
    parser.add_argument("--steps", type=int, nargs=2, default=[1000, 600], help="steps of the two cycles")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    traces = {
        prefix: make_traces(prefix, count, options.threads)
        for prefix, count in [("good", 20000), ("hasty", 5000), ("stressed", 14000)]
    }
    texts = ("".join(piece.text for piece in pieces) for pieces in traces["good"][:4000])
    tokenizer = demo_tokenizer.build(texts, VOCABULARY_SIZE)
    examples = {prefix: [encode(pieces, tokenizer) for pieces in made] for prefix, made in traces.items()}

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    model = make_model(tokenizer)
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    train_cycle(model, examples["good"], Random("batches"), options.steps[0], peak=3e-3)
    early = copy.deepcopy(model)
    make_hasty(early, examples["good"], examples["hasty"], Random("hasty batches"))
    save(early, tokenizer, options.out / "early-model")
    train_cycle(model, examples["stressed"], Random("stressed batches"), options.steps[1], peak=2e-3)
    save(model, tokenizer, options.out / "model")


if __name__ == "__main__":
    main()
