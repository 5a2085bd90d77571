"""An embedding made from given vectors does not hold them, or is trainable where it should not be.

## What it checks
`nn.Embedding(..., _weight=vectors)` and `from_pretrained(vectors, freeze=...)` of `nn.Embedding` and `nn.EmbeddingBag`:
the weight equals `vectors` bit for bit, padding row included, and `requires_grad` is what is documented (False for
`freeze=True`, which is the default; True otherwise).

## Why it matters
Pretrained vectors that are drawn over lose what they were trained for. A frozen table that was meant to be tuned, or a
tuned one that was meant to be frozen, raises no error.

## How it decides
Certain, not statistical: bitwise equality and a flag. The documentation of `torch.nn.Embedding.from_pretrained` is the
promise.

## How to fix
`nn.Embedding.from_pretrained(vectors, freeze=False)` for a table that is to be trained.

## Example
`nn.Embedding.from_pretrained(vectors).weight.requires_grad` is False: `freeze=True` is the default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pretrained"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Hold the weight in `subject.value` against `facts["given"]` and `facts["requires_grad"]`."""
    weight, given, trainable = subject.value, subject.facts["given"], subject.facts["requires_grad"]
    same_shape = weight.shape == given.shape
    changed = int((weight.detach() != given).sum()) if same_shape else weight.numel()
    yield Evidence(
        "the given values are kept"
        if not changed and same_shape
        else f"{changed} of {given.numel()} given values were changed"
        if same_shape
        else f"the weight has shape {tuple(weight.shape)}, the given vectors {tuple(given.shape)}",
        measured=float(changed),
        expected=0.0,
        allowed=0.0,
        n=given.numel(),
        holds=same_shape and torch.equal(weight.detach(), given),
        part=" values",
    )
    yield Evidence(
        f"requires_grad is {weight.requires_grad}, documented is {trainable}",
        holds=weight.requires_grad == trainable,
        part=" requires_grad",
    )
