"""A reversed array goes to torch.

## What it checks
`a[::-1]`, `np.flip`, `np.rot90`, images from BGR to RGB: views with a negative stride, on their way to torch.

## Why it matters
Tensors have no negative strides: `from_numpy`, `as_tensor` and `torch.tensor` raise, and up to torch 2.13
`torch.from_dlpack` ends the whole process with an uncaught C++ exception.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails
only if torch or numpy do something else than is known, or if the line does not give the right values. The row that
ends the process runs in one of its own. Your own tensors are asked for the property itself and the plain conversion
is tried, so no false alarm is possible; one such tensor is caught.

## How to fix
`torch.from_numpy(a.copy())` or `np.ascontiguousarray(a)`; `x.flip(0)` on the torch side.

## Example
`torch.from_numpy(image[:, :, ::-1])` -> `torch.from_numpy(image[:, :, ::-1].copy())`.
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
    """Ask a row, a function, or the strides of the user's arrays."""
    yield from answers(subject, "negative-stride")
    if subject.kind == "crossing" and not isinstance(subject.value, torch.Tensor):
        backwards = any(step < 0 for step in subject.value.strides)
        yield obstacle(subject, backwards, "reversed: it steps backwards through memory", "no dimension is reversed")
