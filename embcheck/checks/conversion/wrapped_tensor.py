"""A tensor inside a transform, or a fake one, has no values to convert.

## What it checks
`.numpy()`, `.item()` and DLPack on tensors inside `torch.vmap` and `torch.func.grad`, and on fake tensors.

## Why it matters
Inside a transform a tensor stands for others. `.numpy()` raises; DLPack on a fake tensor hands out memory that holds
nothing, with a warning and garbage values.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught.

## How to fix
Return the value from the transform (`has_aux=True`, `grad_and_value`) and convert the result.

## Example
`torch.vmap(f)(x).numpy()` instead of `.numpy()` inside `f`.
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

KINDS = frozenset({"pitfall", "crossing", "converter"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, or whether the user's tensors stand in for others."""
    yield from answers(subject, "wrapped-tensor")
    if subject.kind == "crossing" and isinstance(subject.value, torch.Tensor):
        wrapped = bool(subject.facts["wrapped"])
        yield obstacle(
            subject, wrapped, "a stand-in (vmap, torch.func, fake) without values of its own", "it has its own values"
        )
