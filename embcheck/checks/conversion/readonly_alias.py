"""A read-only array becomes a tensor that writes through.

## What it checks
Arrays with `flags.writeable` off (bytes, `np.broadcast_to`, memory maps opened for reading, arrays from other
libraries) that go to torch without a copy.

## Why it matters
A tensor has no read-only flag. `from_numpy` warns once a process and then writes into memory that was promised never to
change: into bytes, or into all elements of a broadcast array at once. With numpy 2.1 or later, `torch.from_dlpack` does
not even warn.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. The write is carried
out. Your own tensors are asked for the property itself and the plain conversion is tried, so no false alarm is
possible; one such tensor is caught.

## How to fix
`torch.tensor(a)` (a copy), or `torch.from_numpy(a.copy())`.

## Example
`torch.from_numpy(np.frombuffer(data, np.float32))` -> `torch.tensor(np.frombuffer(data, np.float32))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.conversion_answers import answers, obstacle, warned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "crossing", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, or the write flag of the user's arrays."""
    yield from answers(subject, "readonly-alias")
    yield from warned(subject, "not writ")
    if subject.kind == "crossing" and not isinstance(subject.value, torch.Tensor):
        yield obstacle(
            subject, not subject.value.flags.writeable, "read-only, which a tensor cannot be", "it may be written to"
        )
