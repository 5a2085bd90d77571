"""A second draw equals the first.

## What it checks
Two successive draws from one seeded generator, element by element.

## Why it matters
A generator whose state does not advance gives every layer of the same shape the same weights, and a dropout mask that
never changes. The distribution of each tensor is perfect, and every test that looks at one tensor passes.

## How it decides
Certain, not statistical: the two tensors must not be equal bit for bit. Two sound draws of 16 or more float32 numbers
coincide with a chance below 1e-100, so that no false alarm is possible in practice; draws that vary in nothing (one
element, a constant) are not asked.

## How to fix
Report it to the maintainers of the backend, with the printed device, dtype and seed.

## Example
`normal_` on an early MPS backend ignored the generator's state: every call of one shape returned the same tensor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"draws"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare ``first`` and ``second`` of `subject.value`, two draws of one shape."""
    first: torch.Tensor = subject.value["first"]
    second: torch.Tensor = subject.value["second"]
    n = first.numel()
    if first.shape != second.shape or n < 16 or bool((first == first.reshape(-1)[0]).all()):
        return
    equal = int((first == second).sum())
    yield Evidence(
        f"the second draw equals the first in all {n:,} elements"
        if equal == n
        else f"the second draw differs from the first in {n - equal:,} of {n:,} elements",
        measured=equal / n,
        expected=0.0,
        n=n,
        holds=equal < n,
    )
