"""One target has a tensor that the other has not, or has in another shape.

## What it checks
`compare`: names and shapes of both sides, wrapper prefixes (`module.`, `_orig_mod.`) taken off.

## Why it matters
What is missing is not loaded, not restored, and not compared.

## How it decides
Certain: a comparison of names and shapes.

## How to fix
Map old names to new ones; build both sides with the same configuration.

## Example
A checkpoint without the head that the model has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.references import Pair
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pair"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare presence and shape."""
    pair: Pair = subject.value
    if pair.reason:
        return  # both have it; different-law says why it is not compared
    if pair.own is None or pair.theirs is None:
        side = "first" if pair.own is None else "second"
        known = f"; its values stand there as {pair.elsewhere}" if pair.elsewhere else ""
        yield Evidence(f"the {side} target has no tensor of this name{known}", holds=False)
    elif pair.own.shape != pair.theirs.shape:
        turned = ": the one is the other, transposed" if pair.transposed else ""
        yield Evidence(f"shapes {tuple(pair.own.shape)} and {tuple(pair.theirs.shape)} differ{turned}", holds=False)
    else:
        yield Evidence(f"both have it, in shape {tuple(pair.own.shape)}", holds=True, n=pair.own.numel())
