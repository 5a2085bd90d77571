"""A mask or a subclass is lost on the way.

## What it checks
Masked arrays on their way to torch; parameters on their way to numpy and back.

## Why it matters
`from_numpy` of a masked array gives the values under the mask, often fill values such as 999, without a word. A
parameter that went through numpy is a plain tensor that no optimizer sees.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught.

## How to fix
`torch.from_numpy(a.filled(0.0))` and the mask as a tensor of its own; `torch.nn.Parameter(...)` again.

## Example
`torch.from_numpy(masked)` -> `torch.from_numpy(masked.filled(0.0))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, or whether an array of the user's has a mask."""
    yield from answers(subject, "lost-metadata")
    if subject.kind == "crossing" and isinstance(subject.value, np.ndarray):
        masked = isinstance(subject.value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(subject.value).any())
        yield obstacle(subject, masked, "masked, and torch takes what lies under the mask", "no mask would be lost")
