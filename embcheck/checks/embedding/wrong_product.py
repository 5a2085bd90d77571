"""A matrix product has another shape, or takes other operands, than documented.

## What it checks
Of torch: the shape and the values of `matmul` for vectors, matrices and batches; that `mm` takes matrices only; that
one-hot times weight is the lookup, once the dtypes agree.

## Why it matters
`mm` in place of `matmul` works until the first batch dimension; `one_hot` is int64 and needs a cast. An integer id
needs no one-hot encoding at all.

## How it decides
Shapes are compared exactly, values up to 4 units of the dtype's precision. What torch is known to do otherwise is a
note that says so, anything else an error.

## How to fix
`torch.matmul` or `@`; `nn.Embedding` instead of one-hot times weight.

## Example
`torch.mm(x, w)` with x of shape (batch, time, d).
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
    yield from promised(subject, "wrong-product")
