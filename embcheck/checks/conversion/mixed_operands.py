"""An array and a tensor are operands of one operation.

## What it checks
`a * x`, `x * a`, `np.mean(x)` with an array a and a tensor x; numpy scalars.

## Why it matters
`a * x` raises, `x * a` computes in numpy and in float64, and numpy functions call methods of the tensor with arguments
that it does not know. A numpy scalar is harmless.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values.

## How to fix
`torch.from_numpy(a).to(x) * x`: same device and dtype as x.

## Example
`x * np.ones(2)` is float64; `x * torch.from_numpy(np.ones(2)).to(x)` is not.
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
    yield from answers(subject, "mixed-operands")
