"""A conversion cuts the autograd graph.

## What it checks
`torch.tensor(x)`, `torch.tensor([x0, x1])`, `.item()` inside a loss, and the way there and back through numpy.

## Why it matters
The values are right and the gradient is zero, or lacks a term. Some of these warn, once a process; `.item()` never
does.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. The gradient is
computed and compared with the one by hand.

## How to fix
`x.clone()` or `x` itself instead of `torch.tensor(x)`; `torch.stack([x0, x1])`; no `.item()` before `backward()`.

## Example
`loss = torch.tensor([l1, l2]).sum()` -> `torch.stack([l1, l2]).sum()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.conversion_answers import answers, warned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "converter", "line"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function or a line."""
    yield from answers(subject, "lost-gradient")
    yield from warned(subject, "copy construct", "requires_grad=True to a scalar")
