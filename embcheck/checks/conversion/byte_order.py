"""An array is in the other byte order.

## What it checks
Big-endian arrays (network data, FITS, IDX, files from other machines) that go to torch on a little-endian machine, and
the reverse.

## Why it matters
torch has one byte order, the machine's. `from_numpy` and `torch.tensor` raise ValueError, DLPack raises BufferError.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. Your own tensors are
asked for the property itself and the plain conversion is tried, so no false alarm is possible; one such tensor is
caught.

## How to fix
`torch.from_numpy(a.astype(a.dtype.newbyteorder('=')))`.

## Example
`np.frombuffer(raw, '>f4')` -> `np.frombuffer(raw, '>f4').astype('=f4')`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, or the byte order of the user's arrays."""
    yield from answers(subject, "byte-order")
    if subject.kind == "crossing" and not isinstance(subject.value, torch.Tensor):
        yield obstacle(
            subject, not subject.value.dtype.isnative, "in the other byte order", "in the machine's own byte order"
        )
