"""A block of a weight is zero while the rest is drawn.

## What it checks
Weights with two or more dimensions: whether the exact zeros form one block that is neither whole rows nor whole columns
of a matrix: an expert of a stack, a head, a quarter of a fused weight.

## Why it matters
A loop that initialises slices has missed one: that expert, head or gate outputs nothing, and may never learn.

## How it decides
Certain. The zeros are counted along each dimension; where they fill a box of at least 16 elements exactly, or a whole
entry of a leading dimension, chance is excluded (a continuous law gives an exact zero with probability 0). An error
where the rest (1,000 elements or more) is freshly drawn, else a warning. Scattered zeros (`sparse_`) are not a block,
and the padding vectors of several tables in one tensor are none that is wrong.

## How to fix
Draw that block: `nn.init.normal_(w[index], std=w[other].std())`.

## Example
`for e in range(n_experts - 1): nn.init.xavier_uniform_(self.w1[e])` leaves the last expert at zero.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.padded_entry import padded_entry
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence, Severity
from embcheck.stats import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_SMALLEST = 16


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Find the box that the zeros fill."""
    reading = subject.facts.get("reading")
    if reading is None or len(subject.shape) < 2 or not reading.ordinary:
        return
    s = subject.summary
    box = _box(subject.value, s.zero) if s.zero >= _SMALLEST else None
    count = 1
    for low, high in box or ():
        count *= high - low
    whole = box is not None and count == s.zero and not _is_lines(box, subject) and not _is_padding(box, subject)
    if not whole or not (reading.rest_is_drawn or _is_entry(box, subject)):
        yield Evidence(f"its {s.zero} zeros form no block", measured=float(s.zero), n=s.n, holds=True)
        return
    assert box is not None  # noqa: S101 - whole says so
    index = ", ".join(_spelled(low, high, size) for (low, high), size in zip(box, subject.shape, strict=True))
    certain = reading.rest_is_fresh
    yield Evidence(
        f"the block [{index}] is exactly zero ({s.zero} of {s.n} elements) and the rest is not",
        measured=float(s.zero), expected=0.0, allowed=0.0, n=s.n, holds=False,
        severity=None if certain else Severity.WARNING,
        fix=f"nn.init.normal_({expression(subject)}.data[{index}], std={s.std:.3g})",
    )  # fmt: skip


def _box(t: torch.Tensor, zeros: int) -> list[tuple[int, int]] | None:
    """The smallest box that holds every zero, dimension by dimension; None if it would hold more than so many elements.

    In parts of whole rows: most stray zeros soon span more than they are.
    """
    box: list[tuple[int, int]] | None = None
    start = 0
    for part in walk.rows(t.detach()):
        zero = part == 0
        hits = [zero.any(dim=tuple(i for i in range(t.dim()) if i != d)) for d in range(t.dim())] if zero.any() else []
        found = [(int(where[0]), int(where[-1]) + 1) for hit in hits for where in [hit.nonzero().flatten()]]
        if found:
            found[0] = (found[0][0] + start, found[0][1] + start)
            box = found if box is None else [_around(*pair) for pair in zip(box, found, strict=True)]
            if math.prod(high - low for low, high in box) > zeros:
                return None
        start += part.shape[0]
    return box


def _around(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _is_lines(box: list[tuple[int, int]], subject: Subject) -> bool:
    """Whole rows or columns of a matrix or a convolution have rules of their own; an expert of a stack has not."""
    full = [high - low == size for (low, high), size in zip(box, subject.shape, strict=True)]
    stack = len(subject.shape) == 3 and subject.facts["held"].layer != "conv"
    if stack:
        return False
    return all(full[1:]) or (full[0] and all(full[2:]))


def _is_padding(box: list[tuple[int, int]], subject: Subject) -> bool:
    """Whether the zeros are the padding vectors of several tables."""
    padding = padded_entry(subject.facts["held"])
    return padding is not None and all(
        bounds == ((padding[1], padding[1] + 1) if d == padding[0] else (0, size))
        for d, (bounds, size) in enumerate(zip(box, subject.shape, strict=True))
    )


def _is_entry(box: list[tuple[int, int]] | None, subject: Subject) -> bool:
    """Whole entries of a stack, an expert or a head: strange even in trained weights; other blocks occur in tables that
    are computed (sin 0 = 0)."""
    return (
        box is not None
        and len(subject.shape) >= 3
        and subject.shape[0] > 1
        and all(high - low == size for (low, high), size in zip(box[1:], subject.shape[1:], strict=True))
    )


def _spelled(low: int, high: int, size: int) -> str:
    return ":" if (low, high) == (0, size) else str(low) if high == low + 1 else f"{low}:{high}"
