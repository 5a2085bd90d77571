"""A tensor made in inference mode goes back into training.

## What it checks
Tensors made under `torch.inference_mode()` that are used with autograd, written to, or edited through numpy afterwards.

## Why it matters
They keep no version counter: autograd refuses to save them and torch refuses to write to them. numpy does write to
them.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught.

## How to fix
`x.clone()` outside of inference mode, or make it under `torch.no_grad()`.

## Example
`(w * x).sum().backward()` raises; `(w * x.clone()).sum().backward()` works.
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
    """Ask a row, a function, or whether the user's tensors were made in inference mode."""
    yield from answers(subject, "inference-tensor")
    if subject.kind == "crossing" and isinstance(subject.value, torch.Tensor) and not subject.facts["wrapped"]:
        made = subject.value.is_inference()
        yield obstacle(subject, made, "made in inference mode: autograd cannot use it", "no inference tensor")
