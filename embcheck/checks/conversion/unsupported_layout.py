"""The memory is no strided block: sparse, nested or oneDNN tensors, fields of structured arrays.

## What it checks
Sparse (COO, CSR), nested and oneDNN tensors on their way to numpy or to a list; arrays whose strides are no multiple of
their element size on their way to torch.

## Why it matters
An array is one block of memory with a step for each dimension. The gradient of `nn.Embedding(sparse=True)` is none;
`.numpy()`, `.tolist()` and DLPack raise.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught.

## How to fix
`x.to_dense().numpy()`; `[part.numpy() for part in x.unbind()]` for a nested tensor; `torch.from_numpy(a.copy())` for a
field of a structured array.

## Example
`emb.weight.grad.numpy()` with `sparse=True` -> `emb.weight.grad.to_dense().numpy()`.
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
    """Ask a row, a function, or the layout of the user's tensors and arrays."""
    yield from answers(subject, "unsupported-layout")
    value = subject.value
    if subject.kind == "crossing" and isinstance(value, torch.Tensor):
        odd = value.is_nested or value.layout is not torch.strided
        yield obstacle(
            subject, odd, f"of layout {'nested' if value.is_nested else value.layout}", "one block of strided memory"
        )
    elif subject.kind == "crossing":
        odd = any(step % max(value.itemsize, 1) for step in value.strides)
        yield obstacle(subject, odd, "strided by parts of an element", "strided by whole elements")
