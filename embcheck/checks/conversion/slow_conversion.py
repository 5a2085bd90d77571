"""A list of arrays becomes a tensor number by number.

## What it checks
`torch.tensor`, `torch.as_tensor` and `torch.FloatTensor` of a list of arrays; functions, source lines and lists of
your own that do so.

## Why it matters
Each number becomes a Python object first. torch warns (`extremely slow`) once a process, and the warning drowns.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails
only if torch or numpy do something else than is known, or if the line does not give the right values. The warning
itself is looked for; no time is measured.

## How to fix
`torch.from_numpy(np.stack(arrays))`.

## Example
`torch.tensor([f.numpy() for f in frames])` -> `torch.stack(frames)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.conversion_answers import answers, warned
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "converter", "line", "list of arrays"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function or a line."""
    yield from answers(subject, "slow-conversion")
    yield from warned(subject, "extremely slow")
    if subject.kind == "list of arrays":
        yield Evidence(
            f"{len(subject.value)} arrays in a list become a tensor number by number: torch warns "
            f"{subject.facts['warning']!r}" if subject.facts["warning"] else "torch takes this list as it is",
            holds=not subject.facts["warning"], n=len(subject.value), fix=f"torch.from_numpy(np.stack({subject.name}))",
        )  # fmt: skip
