"""Memory is copied where one thinks it is shared.

## What it checks
`torch.tensor(a)`, any change of dtype, `load_state_dict`, `reshape` of a transposed tensor: rows that edit one side and
look at the other.

## Why it matters
Code that keeps a table in numpy and expects the layer to follow its edits trains on stale values, and a large table
takes twice its memory.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values.

## How to fix
`torch.from_numpy(a)` of the right dtype; `load_state_dict(state, assign=True)`; `view` raises where `reshape` would
copy.

## Example
`torch.as_tensor(a, dtype=torch.float32)` copies a float64 array; make `a` float32 first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.conversion_answers import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "converter"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row or a function."""
    yield from answers(subject, "copied-memory")
