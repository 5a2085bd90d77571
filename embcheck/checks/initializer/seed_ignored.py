"""Two seeds give the same random weights.

## What it checks
A factory is built with two seeds: tensors that look freshly drawn and are equal in both.

## Why it matters
A seed set inside the factory, or a generator that does not advance, makes every run, rank and ensemble member start
from one point; experiments over seeds measure nothing.

## How it decides
Certain, bit for bit, for tensors of at least 64 elements that follow an initializer's law. Tables that are computed, or
loaded from trained weights, follow none and are not asked. A warning: fixed random projections can be meant.

## How to fix
Take the seed as an argument, or leave seeding to the caller.

## Example
`torch.manual_seed(42)` in the model's constructor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"builds"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Name the drawn tensors that did not change with the seed."""
    builds, drawn = subject.value, subject.facts["drawn"]
    if not drawn:
        return
    if "two seeds" in builds.skipped:
        yield Skip(f"it cannot be built with another seed: {builds.skipped['two seeds']}")
        return
    same = [name for name in builds.same if name in drawn]
    for name in same:
        yield Evidence(
            "it is drawn, and equal under two seeds",
            part=name,
            holds=False,
            fix="def build(seed): torch.manual_seed(seed)  # the caller seeds, not the factory",
        )
    if not same:
        yield Evidence(f"{len(drawn)} drawn tensors change with the seed", n=len(drawn), holds=True)
