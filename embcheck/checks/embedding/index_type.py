"""Ids of a dtype, or on a device, that the table does not take.

## What it checks
Of torch: int64 and int32 ids give the rows that they name; float, int16, uint8 and bool ids, lists, and ids on another
device are refused.

## Why it matters
Ids from numpy are often float64 (a column with missing values) or uint16; ids from a loader are on the CPU while the
table is on a device.

## How it decides
Each lookup is run. On a machine with only a CPU ids on another device are skipped: nothing can stand in for them.

## How to fix
`torch.as_tensor(ids).long().to(emb.weight.device)`.

## Example
`emb(torch.tensor([1.0]))`.
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
    yield from promised(subject, "index-type")
