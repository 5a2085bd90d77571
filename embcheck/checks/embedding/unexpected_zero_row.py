"""A row of an embedding is exactly zero although it is not the padding row.

## What it checks
`nn.Embedding` and `nn.EmbeddingBag`: rows that are exactly zero, other than the row of `padding_idx`.

## Why it matters
All tokens of such rows look alike to the model, and a zero row beside a padding row that is not zero usually means
that the code zeroed the wrong id. In a table of pretrained vectors, zero rows are tokens that were not found.

## How it decides
Certain, not statistical: a row drawn from any continuous law is zero with probability 0 (below 1e-30 for rows of four
or more elements in 16-bit dtypes). A table that is zero altogether is the business of all-zero. The only zero row of a
table without `padding_idx` is a warning: most often it is the padding row, which nobody declared, and which training
moves.

## How to fix
Draw the row again, or pass the id that was meant: `nn.Embedding(n, d, padding_idx=ID)`.

## Example
`emb.weight.data[0].zero_()` for an embedding that was built with `padding_idx=1`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"embedding"})
_NAMED = 5


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count the zero rows of the `nn.Embedding` or `nn.EmbeddingBag` in `subject.value`."""
    table, padding = subject.value.weight.detach(), subject.value.padding_idx
    if table.is_meta or not table.numel():
        return
    zero = (table == 0).all(dim=1)
    if padding is not None:
        zero = zero.clone()
        zero[padding] = False
    count, n = int(zero.sum()), table.shape[0]
    if count >= n - (padding is not None):
        return  # nothing but zeros: not a matter of single rows
    ids = zero.nonzero().flatten()[:_NAMED].tolist()
    named = ", ".join(map(str, ids)) + (", ..." if count > _NAMED else "")
    meant = f"padding_idx is {padding}" if padding is not None else "there is no padding_idx"
    yield Evidence(
        message=f"{count} of {n} rows are exactly zero (row {named}), and {meant}; none is allowed"
        if count
        else "no row but the padding row is zero"
        if padding is not None
        else "no row is zero",
        measured=float(count),
        expected=0.0,
        allowed=0.0,
        n=n,
        holds=count == 0,
        severity=Severity.WARNING if count == 1 and padding is None else None,
        fix=f"nn.Embedding({n}, {table.shape[1]}, padding_idx={ids[0]})  # if row {ids[0]} is the padding row"
        if count == 1 and padding is None
        else "",
    )
