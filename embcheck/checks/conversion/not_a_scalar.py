"""A number was meant and there are several, or a list was meant and there is a number.

## What it checks
`.item()` and `float()` of several elements; zero-dimensional tensors as lists; numpy scalars, lists, lists of tensors
and ragged lists on their way to torch.

## Why it matters
Which of them raises differs between `from_numpy`, `tensor` and `as_tensor`; `tolist()` of a zero-dimensional tensor
gives a number and no list.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values.

## How to fix
`x.tolist()`; `x.reshape(-1).tolist()`; `torch.stack(tensors)`; `pad_sequence` for ragged rows.

## Example
`torch.tensor([t0, t1])` of vectors raises; `torch.stack([t0, t1])`.
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
    yield from answers(subject, "not-a-scalar")
