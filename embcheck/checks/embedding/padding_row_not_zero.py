"""The row of an embedding's `padding_idx` is not exactly zero.

## What it checks
`nn.Embedding` and `nn.EmbeddingBag` with a `padding_idx`: every element of that row is exactly 0 (either sign). With
inputs, also tables of a model's own that are looked up with `F.embedding(ids, table, padding_idx=...)`.

## Why it matters
A padding token should add nothing. A row that is not zero shifts every padded position, and because `padding_idx` also
blocks the row's gradient, training never repairs it. `Embedding.from_pretrained(vectors, padding_idx=0)` keeps the row
that `vectors` has, and an initializer that runs after the constructor draws over the zeros.

## How it decides
Certain, not statistical: the largest |element| of the row is compared with 0. One element of the smallest subnormal is
caught. A row that is the mean of all others, to the rounding of its dtype, is a padding vector that somebody computed,
which torch's documentation allows: it passes. No other false alarm is possible. Whether a mask hides the row later is
not asked: it is noise that no gradient mends, one unmasked pooling away from the output.

## How to fix
Zero the row after everything else has written to the table: `emb.weight.data[emb.padding_idx].zero_()`.

## Example
`nn.init.normal_(nn.Embedding(100, 16, padding_idx=0).weight)` fills row 0; zero it again afterwards.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.spelling import expression, spelled
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"embedding", "trace"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Measure the padding row of the `nn.Embedding` or `nn.EmbeddingBag` in `subject.value`, or of tables of a
    trace."""
    if subject.kind == "trace":
        for member in subject.facts["census"].parameters:
            held, given = member.held, subject.value.padding
            row = next((given[n] for n in (held.name, *held.aliases) if n in given), None)
            if row is not None and held.layer != "embedding" and held.read is not None:
                yield _judged(held.read(), row, spelled(held.name), held.name)
        return
    table, padding = subject.value.weight.detach(), subject.value.padding_idx
    if padding is not None and not table.is_meta:
        yield _judged(table, padding, expression(subject, "weight"))


def _judged(table: torch.Tensor, padding: int, name: str, part: str = "") -> Evidence:
    row = table[padding].float()
    largest = float(row.abs().max()) if row.numel() else 0.0
    nonzero = int((row != 0).sum())  # a NaN is not zero either
    zero = nonzero == 0
    mean = not zero and _is_mean(table, padding)
    return Evidence(
        message=f"row {padding} (padding_idx) is exactly zero"
        if zero
        else f"row {padding} (padding_idx) is the mean of all other rows"
        if mean
        else f"row {padding} is the padding row, but {nonzero} of its {row.numel()} elements are not zero; "
        f"the largest is {largest:.4g} and 0 is allowed",
        measured=largest if math.isfinite(largest) else None,
        expected=0.0,
        allowed=0.0,
        n=row.numel(),
        holds=zero or mean,
        part=part,
        fix=f"with torch.no_grad(): {name}[{padding}].zero_()",
    )


def _is_mean(table: torch.Tensor, padding: int) -> bool:
    """Whether the row is the mean of all others: the sum of as many numbers, each to half a unit in the last place."""
    rows, n = table.shape[0], table.shape[0] - 1
    if n < 2 or not table.is_floating_point() or bool((table == table[0]).all()):
        return False
    total = table.sum(dim=0, dtype=torch.float64)
    row = table[padding % rows].double()
    mean = (total - row) / n
    rounding = torch.finfo(table.dtype).eps * (mean.abs() + table.abs().amax(dim=0).double())
    return bool(((row - mean).abs() <= rounding).all())
