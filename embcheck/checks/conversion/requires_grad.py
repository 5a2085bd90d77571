"""A tensor that requires grad goes to numpy without detach().

## What it checks
`x.numpy()`, `np.asarray(x)`, `np.array(x)`, DLPack and numpy functions where x is a parameter or was computed from one;
your own tensors; lines of source files.

## Why it matters
numpy cannot record gradients, so torch raises `RuntimeError: Can't call numpy() on Tensor that requires grad`. Every
trainable parameter and every activation of a model in training is affected. Under `torch.no_grad()` a parameter
converts; the same line raises as soon as grad mode is on.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught. That the gradient survives the line to write instead is checked with `torch.autograd.grad`.

## How to fix
`x.detach().numpy()`; `x.detach().cpu().numpy()` if it may be on a device; `x.numpy(force=True)` does all of it. For
arithmetic stay in torch: `x * torch.from_numpy(a)`.

## Example
`np.asarray(model.emb.weight)` -> `model.emb.weight.detach().cpu().numpy()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, a line, or the gradient of the user's tensors."""
    yield from answers(subject, "requires-grad")
    if subject.kind == "crossing" and isinstance(subject.value, torch.Tensor) and not subject.facts["wrapped"]:
        yield obstacle(
            subject, subject.value.requires_grad, "part of the autograd graph", "no gradient stands in the way"
        )
