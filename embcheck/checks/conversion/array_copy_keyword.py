"""numpy 2 calls torch with keywords that torch does not take.

## What it checks
`np.array(x)`, `np.array(x, copy=False)` and numpy functions of a tensor.

## Why it matters
numpy passes `copy=` to `__array__` (since 2.1 for a plain `np.array(x)` too) and more arguments to `__array_wrap__`.
Where torch takes neither, each call gives a DeprecationWarning, which is an error under `-W error` and will be one
for everybody; `copy=False` raises already. Silent with numpy 1.26.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails
only if torch or numpy do something else than is known, or if the line does not give the right values. Rows are
skipped where torch takes the keyword.

## How to fix
`x.numpy().copy()` for a copy, `np.asarray(x)` for none; `x.sqrt()` instead of `np.sqrt(x)`.

## Example
`np.array(weight)` -> `weight.detach().cpu().numpy().copy()`.
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
    yield from answers(subject, "array-copy-keyword")
    yield from warned(subject, "copy keyword", "__array_wrap__")
