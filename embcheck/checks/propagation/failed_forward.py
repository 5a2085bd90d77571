"""The model's forward raises on the inputs.

## What it checks
Whether one forward pass over the inputs given goes through at all.

## Why it matters
Nothing about signals and gradients can be said of a model that does not run; a dtype that leaks in from numpy, a layer
of
the wrong width, or inputs that do not fit stop it.

## How it decides
Certain: the exception. The other rules are asked all the same; those that need a pass are not.

## How to fix
Mend what the message names, or give inputs that the model accepts.

## Example
A float64 embedding before a float32 layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"failed-forward"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Say what the forward raised."""
    yield Evidence(str(subject.value), holds=False)
