"""Whole rows of a matrix are zero.

## What it checks
Weights with two or more dimensions: rows (outputs of a layer, tokens of a table) that are exactly zero, other than
padding rows.

## Why it matters
In a table of pretrained vectors they are the tokens that were not found, or whose line was not understood, and they all
look alike to the model. In a layer they are units that start dead.

## How it decides
Certain: a row of continuous draws is zero with probability 0. Matrices that are zero altogether or hold one value
beside zeros (eye, dirac, masks) are not asked; a single zero row of a table in a file passes as its padding row. An
error where the rest (1,000 elements or more) is freshly drawn, or is the table of a live model; a warning elsewhere:
pruning leaves such rows in trained weights, and so do words that training has never seen, or that a file did not have.
One row of a million is caught. A single zero row of a matrix that no layer of torch owns is a warning, and so is one of
a table that declares no padding row: it may be that row.

## How to fix
Draw those rows: `w[missing] = torch.randn(len(missing), dim) * w[known].std()`; or declare `padding_idx`.

## Example
`table = torch.zeros(n, d)` and a loop that skips the words that the file does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_LAYERS = frozenset({"linear", "conv", "recurrent"})
"""Layers of torch, whose rows are outputs."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count the zero rows of a matrix."""
    reading = subject.facts.get("reading")
    profile = reading.lines if reading is not None else None
    if reading is None or profile is None:
        return
    allowed = subject.facts.get("padding", frozenset())
    rows = [int(r) for r in profile.zero_rows if int(r) not in allowed]
    table = subject.facts["held"].layer == "embedding"
    if table and len(rows) == 1 and subject.facts["held"].module is None:
        yield Evidence(
            f"row {rows[0]} is zero: the file does not say so, but one such row of a table is its padding row",
            measured=1.0, n=profile.rows.size, holds=True,
        )  # fmt: skip
        return
    live = subject.facts["held"].module is not None
    own = live and subject.facts["held"].layer in _LAYERS
    sought = len(rows) > 1 or bool(allowed)
    certain = not rows or (table and live and sought) or (reading.rest_is_fresh and (own or not live or len(rows) > 1))
    named = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
    what = "tokens" if table else "outputs"
    yield Evidence(
        f"{len(rows)} of {profile.rows.size} rows are exactly zero ({what} {named}); none is allowed"
        if rows
        else f"none of {profile.rows.size} rows is zero" + (" but the padding row" if allowed else ""),
        measured=float(len(rows)), expected=0.0, allowed=0.0, n=profile.rows.size, holds=not rows,
        severity=None if certain else Severity.WARNING,
        fix=f"with torch.no_grad(): {expression(subject)}[{rows[:5]}] = "
        f"torch.randn({len(rows[:5])}, {profile.row_size}) "
        f"* {subject.summary.std:.3g}" if rows else "",
    )  # fmt: skip
