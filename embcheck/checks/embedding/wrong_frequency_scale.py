"""scale_grad_by_freq divides a gradient by another number than documented.

## What it checks
Of torch: that `nn.Embedding(scale_grad_by_freq=True)` and `nn.EmbeddingBag` divide the gradient of each row by how
often its id is in this mini-batch (not in the corpus, nor in all batches since `zero_grad`), and what they say to
mode max and to sparse gradients. In an audit: each `nn.EmbeddingBag` of the model that asks for it, in its mode, dtype
and on its device.

## Why it matters
Up to torch 2.13 `nn.EmbeddingBag` on the CPU divides by the count of another id: in the bags [1, 1] and [2, 1] id 2
occurs once, and its gradient is divided by 3. Rare words are trained the least, the opposite of what the option is
for.

## How it decides
Each gradient is computed and compared with the one by hand, up to 4 units of the dtype's precision. What torch is
known to do otherwise is a note that says so, anything else an error. Of a model's own bag the gradient of a table of
four rows is computed for the bags [1, 1] and [2, 1]: a wrong one is a warning.

## How to fix
`nn.Embedding(..., scale_grad_by_freq=True)` and `.sum(1)`, or divide by `torch.bincount(ids)` in a hook.

## Example
`nn.EmbeddingBag(4, 2, mode='sum', scale_grad_by_freq=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"promise", "embedding"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a promise, or a bag of a model."""
    if subject.kind == "embedding":
        yield from _bag(subject.value)
        return
    yield from promised(subject, "wrong-frequency-scale")


def _bag(layer: Any) -> Iterator[Evidence]:
    """The gradient of id 2, which occurs once beside three times id 1."""
    mode = getattr(layer, "mode", "")  # nn.Embedding has none
    if mode not in {"sum", "mean"} or not layer.scale_grad_by_freq or layer.sparse or layer.weight.is_meta:
        return
    due = 1.0 if layer.mode == "sum" else 0.5
    with torch.enable_grad():
        table = torch.zeros(4, 2, dtype=layer.weight.dtype, device=layer.weight.device, requires_grad=True)
        ids = torch.tensor([[1, 1], [2, 1]], device=table.device)
        bags = F.embedding_bag(ids, table, scale_grad_by_freq=True, mode=layer.mode)
        found = float(torch.autograd.grad(bags.sum(), table)[0][2, 0])
    allowed = 4 * torch.finfo(table.dtype).eps
    wrong = not abs(found - due) <= allowed
    yield Evidence(
        f"in the bags [1, 1] and [2, 1] the gradient of id 2, which occurs once, is {found:.4g} where {due:g} is due",
        measured=found, expected=due, allowed=allowed, holds=not wrong, severity=Severity.WARNING if wrong else None,
        fix=f"nn.Embedding(..., scale_grad_by_freq=True)(ids).{layer.mode}(1)" if wrong else "",
    )  # fmt: skip
