"""Passes of the model without the padding that a part of a batch does not need.

TRL pads all episodes of a step to the longest prompt and the longest completion among them, and
takes a few rows at a time through the model. One long episode would make every pass as long; here
each pass is as long as its own rows.
"""

from collections.abc import Callable
from typing import Any

import torch

# Log-probabilities, entropies and auxiliary loss; the last two where they are asked for.
Pass = tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]


def in_parts(
    compute: Callable[..., Pass], ids: torch.Tensor, mask: torch.Tensor, kept: int, rows: int, keywords: dict[str, Any]
) -> Pass:
    """What `compute` gives for all rows of `ids`, `rows` at a time, each part cut to what `mask` uses.

    The last `kept` columns are the completions; results have shape `[rows of ids, kept]`, zero where
    `mask` is.
    """
    parts = []
    for part_ids, part_mask in zip(ids.split(rows), mask.split(rows), strict=True):
        first, last, completion = needed_columns(part_mask, kept)
        log_probabilities, entropies, loss = compute(
            part_ids[:, first:last], part_mask[:, first:last], last - completion, **keywords
        )
        missing = (0, ids.size(1) - last)
        parts.append((
            torch.nn.functional.pad(log_probabilities, missing),
            None if entropies is None else torch.nn.functional.pad(entropies, missing),
            loss,
        ))
    log_probabilities, entropies, losses = zip(*parts, strict=True)
    return (
        torch.cat(log_probabilities),
        None if entropies[0] is None else torch.cat(entropies),
        None if losses[0] is None else torch.stack(losses).mean(),
    )


def needed_columns(mask: torch.Tensor, kept: int) -> tuple[int, int, int]:
    """First column, column after the last, and first column of the completions.

    The token before a completion is needed for its first token, and a completion has one at least.
    """
    completion = mask.size(1) - kept
    used = mask.any(dim=0).nonzero().flatten().tolist()
    first, last = (used[0], used[-1] + 1) if used else (completion, completion)
    return min(first, completion - 1), max(last, completion + 1), completion
