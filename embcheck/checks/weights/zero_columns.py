"""Whole columns of a matrix are zero.

## What it checks
Weights with two or more dimensions: columns (inputs of a layer, features of a table) that are exactly zero.

## Why it matters
The layer ignores those inputs, and sends no gradient to them. It happens when an initializer writes into a copy of a
slice (`w[:, :k].t().contiguous().normal_()`), or on a device that drops writes to non-contiguous views.

## How it decides
Certain: a column of continuous draws is zero with probability 0. Matrices that are zero altogether or hold one value
beside zeros (eye, dirac, masks) are not asked. An error where the rest (1,000 elements or more) is freshly
drawn, a warning otherwise: pruning leaves such columns in trained weights. One column is caught.

## How to fix
Draw the whole weight again, in place on the parameter itself: `nn.init.xavier_uniform_(layer.weight)`.

## Example
`nn.init.normal_(layer.weight.data[:, :32].contiguous())` fills a temporary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.padded_entry import padded_entry
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count the zero columns of a matrix."""
    reading = subject.facts.get("reading")
    profile = reading.lines if reading is not None else None
    if reading is None or profile is None:
        return
    padding = padded_entry(subject.facts["held"])
    columns = [int(c) for c in profile.zero_columns if (1, int(c)) != padding]
    named = ", ".join(map(str, columns[:5])) + (", ..." if len(columns) > 5 else "")
    certain = not columns or reading.rest_is_fresh
    yield Evidence(
        f"{len(columns)} of {profile.columns.size} columns are exactly zero (inputs {named}); none is allowed"
        if columns
        else f"none of {profile.columns.size} columns is zero",
        measured=float(len(columns)), expected=0.0, allowed=0.0, n=profile.columns.size, holds=not columns,
        severity=None if certain else Severity.WARNING,
        fix=f"nn.init.xavier_uniform_({expression(subject)})" if columns else "",
    )  # fmt: skip
