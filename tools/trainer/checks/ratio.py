"""From one step file: what the trainer makes of the engine's log-probabilities and of the loss mask.

    python tools/trainer/checks/ratio.py DIRECTORY

At the first update the policy is the one that sampled, so its probabilities over the engine's are
1, up to what two implementations of the model differ by. Both compute in single precision here.
"""

import sys
from pathlib import Path
from typing import Any

import runs

ENGINE_TOLERANCE = 1e-4  # Of one token's log-probability.
RATIO_TOLERANCE = 1e-3  # Of an episode's ratio, the product over its tokens.
SAME_TOLERANCE = 1e-4  # Of a log-probability computed twice by the trainer, in passes of different lengths.
OTHER_TEMPERATURE = 0.7


def fed(trainer: Any) -> dict[str, Any]:
    """The batch of the first step, as TRL makes it."""
    settings = trainer.settings
    prompts = [str(row // settings.group_size) for row in range(settings.rows_per_step)]
    return trainer._generate_and_score_completions([{"prompt": prompt} for prompt in prompts])


def check_ratio(batch: dict[str, Any]) -> None:
    sampled = batch["tool_mask"].bool() & batch["completion_mask"].bool()
    difference = (batch["old_per_token_logps"] - batch["sampling_per_token_logps"])[sampled].abs().max().item()
    runs.expect(
        difference <= ENGINE_TOLERANCE,
        f"log-probabilities of {int(sampled.sum())} tokens are the engine's within {difference:.1e}",
    )
    ratio = (batch["importance_sampling_ratio"] - 1).abs().max().item()
    runs.expect(ratio <= RATIO_TOLERANCE, f"importance ratios are 1 within {ratio:.1e}")


def check_gradient(trainer: Any, batch: dict[str, Any]) -> None:
    """The loss's gradient with respect to each token's log-probability."""
    kept: list[Any] = []
    compute = trainer._get_per_token_logps_and_entropies

    def keeping(*arguments: Any, **keywords: Any) -> Any:
        results = compute(*arguments, **keywords)
        results[0].retain_grad()
        kept.append(results[0])
        return results

    trainer._get_per_token_logps_and_entropies = keeping
    trainer.current_gradient_accumulation_steps = trainer.args.gradient_accumulation_steps
    trainer._compute_loss(trainer.model, batch).backward()
    trainer._get_per_token_logps_and_entropies = compute
    (log_probabilities,) = kept
    real = batch["completion_mask"].bool()
    sampled = real & batch["tool_mask"].bool()
    tool, gradient = real & ~sampled, log_probabilities.grad
    difference = (log_probabilities - batch["old_per_token_logps"])[sampled].abs().max().item()
    runs.expect(difference <= SAME_TOLERANCE, f"the update's own ratio is 1 within {difference:.1e}")
    runs.expect(
        int(tool.sum()) > 0 and bool((gradient[~sampled] == 0).all()),
        f"{int(tool.sum())} tokens of tool output have no gradient",
    )
    counted = batch["advantages"] != 0
    runs.expect(
        bool((gradient[counted][sampled[counted]] != 0).all()),
        f"{int(sampled[counted].sum())} sampled tokens have one",
    )
    runs.expect(
        bool((gradient[~counted] == 0).all()) and not bool(sampled[~counted].any()),
        f"{int((~counted).sum())} episode that was not graded has none",
    )


def check_temperature(trainer: Any, batch: dict[str, Any]) -> None:
    """The fused head, made again, against plain logits over the other temperature."""
    import torch

    ids = torch.cat([batch["prompt_ids"], batch["completion_ids"]], 1)
    mask = torch.cat([batch["prompt_mask"], batch["completion_mask"]], 1)
    kept = batch["completion_ids"].size(1)
    trainer.head.set_temperature(OTHER_TEMPERATURE, False)
    with torch.no_grad():
        logits = trainer.model(input_ids=ids, attention_mask=mask).logits[:, -kept - 1 : -1]
        computed, _, _ = trainer._get_per_token_logps_and_entropies(trainer.model, ids, mask, kept)
    expected = (logits / OTHER_TEMPERATURE).log_softmax(-1).gather(2, batch["completion_ids"].unsqueeze(2)).squeeze(2)
    difference = (computed - expected)[batch["completion_mask"].bool()].abs().max().item()
    runs.expect(difference <= SAME_TOLERANCE, f"another step's temperature holds within {difference:.1e}")


def main() -> None:
    directory = Path(sys.argv[1])
    path = runs.prepare_run(directory, 1, failed=1, groups_per_step=4, group_size=4)
    runs.import_trainer()
    import training
    from settings import read_settings

    training.be_quiet()
    trainer = training.make_trainer(read_settings(path))
    trainer.model.train()
    batch = fed(trainer)
    check_ratio(batch)
    check_gradient(trainer, batch)
    check_temperature(trainer, batch)


if __name__ == "__main__":
    main()
