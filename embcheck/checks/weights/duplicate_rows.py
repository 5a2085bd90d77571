"""Rows of a matrix are equal.

## What it checks
Rows of every two-dimensional tensor, drawn or trained, that equal another row bit for bit. Rows that hold a single
value (all zero, all one) are left out: `zero-rows` speaks of those.

## Why it matters
Two output units with equal weights get equal gradients and remain one unit for ever. Two tokens with equal vectors
cannot be told apart. The usual reasons are a draw that was expanded, a vocabulary mapped twice, a table padded with
copies.

## How it decides
Rows with equal fingerprints are compared in full. p-value: the expected number of coinciding pairs of rows, (pairs)
c^m with m columns (Markov's inequality). c, the chance that two elements are the same number, is that of the law, or
of a normal with the tensor's own mean and std in its dtype, or, if larger, the share of equal pairs seen within rows
(tables of few distinct values repeat rows by chance). Corrected over the run (Holm). One pair of equal rows is caught
at any n where a row has four or more float32 numbers that differ.

## How to fix
Draw every row: `torch.randn(rows, dim)` and not `torch.randn(dim).repeat(rows, 1)`.

## Example
`head.weight.data[:] = head.weight.data[0]`: all classes are one class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.sample import dense
from embcheck.laws.families import Normal
from embcheck.results import Evidence
from embcheck.stats.repetition import coincidence, coincidence_within, repeated_slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look for equal rows in `subject.value`, shape (rows, columns)."""
    law, value = subject.law, dense(subject.value)
    if (law is not None and law.exact) or value is None or value.dim() != 2 or min(value.shape) < 2:
        return
    if not value.is_floating_point():
        return
    summary = subject.summary
    if not summary.finite or not 0 < summary.std < float("inf"):
        return
    assumed = law if law is not None and law.iid else Normal(summary.mean, summary.std)
    c = max(coincidence(assumed, summary.dtype), 0.0 if assumed is law else coincidence_within(value))
    repetition = repeated_slices(value, 0, c, constant=False)
    yield Evidence(
        f"row {repetition.second} equals row {repetition.first}, and "
        f"{repetition.count:,} of {value.shape[0]:,} rows repeat another"
        if repetition.count
        else f"no two of {value.shape[0]:,} rows are equal",
        measured=float(repetition.count),
        expected=0.0,
        p_value=repetition.p_value,
        n=value.numel(),
        detectable=1.0,
    )
