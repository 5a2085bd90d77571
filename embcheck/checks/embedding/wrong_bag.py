"""EmbeddingBag gives something else than the documented reduction.

## What it checks
Of torch: modes sum, mean and max beside the same reduction by hand in float64, with padding, bags of padding alone,
empty bags, `include_last_offset` and `per_sample_weights`, their gradient, and offsets that are out of order.

## Why it matters
The padding row counts neither in the sum nor in the mean's denominator; an empty bag is zeros. Offsets that decrease
are not looked at: that bag comes out as whatever lies in memory.

## How it decides
Values are compared up to 16 units of the dtype's precision. What torch is known to do otherwise is a note that says so,
anything else an error.

## How to fix
Check `offsets.diff().min() >= 0` in the collate function.

## Example
`EmbeddingBag(mode='sum')(ids, torch.tensor([0, 2, 1]))`.
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
    yield from promised(subject, "wrong-bag")
