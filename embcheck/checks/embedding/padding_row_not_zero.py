"""The row of an embedding's `padding_idx` is not exactly zero.

## What it checks
`nn.Embedding` and `nn.EmbeddingBag` with a `padding_idx`: every element of that row is exactly 0 (either sign).

## Why it matters
A padding token should add nothing. A row that is not zero shifts every padded position, and because `padding_idx` also
blocks the row's gradient, training never repairs it. `Embedding.from_pretrained(vectors, padding_idx=0)` keeps the row
that `vectors` has, and an initializer that runs after the constructor draws over the zeros.

## How it decides
Certain, not statistical: the largest |element| of the row is compared with 0. No false alarm is possible; one element
of the smallest subnormal is caught.

## How to fix
Zero the row after everything else has written to the table: `emb.weight.data[emb.padding_idx].zero_()`.

## Example
`nn.init.normal_(nn.Embedding(100, 16, padding_idx=0).weight)` fills row 0; zero it again afterwards.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"embedding"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Measure the padding row of the `nn.Embedding` or `nn.EmbeddingBag` in `subject.value`."""
    table, padding = subject.value.weight.detach(), subject.value.padding_idx
    if padding is None or table.is_meta:
        return
    row = table[padding].float()
    largest = float(row.abs().max()) if row.numel() else 0.0
    nonzero = int((row != 0).sum())  # a NaN is not zero either
    zero = nonzero == 0
    yield Evidence(
        message=f"row {padding} (padding_idx) is exactly zero"
        if zero
        else f"row {padding} is the padding row, but {nonzero} of its {row.numel()} elements are not zero; "
        f"the largest is {largest:.4g} and 0 is allowed",
        measured=largest if math.isfinite(largest) else None,
        expected=0.0,
        allowed=0.0,
        n=row.numel(),
        holds=zero,
        fix=f"with torch.no_grad(): {subject.name}.weight[{padding}].zero_()",
    )
