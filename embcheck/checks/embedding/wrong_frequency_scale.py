"""scale_grad_by_freq divides a gradient by another number than documented.

## What it checks
Of torch: that `nn.Embedding(scale_grad_by_freq=True)` and `nn.EmbeddingBag` divide the gradient of each row by how
often its id is in this mini-batch (not in the corpus, nor in all batches since `zero_grad`), and what they say to
mode max and to sparse gradients.

## Why it matters
Up to torch 2.13 `nn.EmbeddingBag` on the CPU divides by the count of another id: in the bags [1, 1] and [2, 1] id 2
occurs once, and its gradient is divided by 3. Rare words are trained the least, the opposite of what the option is
for.

## How it decides
Each gradient is computed and compared with the one by hand, up to 4 units of the dtype's precision. What torch is
known to do otherwise is a note that says so, anything else an error.

## How to fix
`nn.Embedding(..., scale_grad_by_freq=True)` and `.sum(1)`, or divide by `torch.bincount(ids)` in a hook.

## Example
`nn.EmbeddingBag(4, 2, mode='sum', scale_grad_by_freq=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.promised_behaviour import promised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"promise"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a promise."""
    yield from promised(subject, "wrong-frequency-scale")
