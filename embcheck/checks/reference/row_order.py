"""The rows of a table are those of the reference, in another order.

## What it checks
With a reference or a vector file: tables whose rows are the reference's rows, permuted or shifted.

## Why it matters
Every vector is right and belongs to another token: a vocabulary was sorted, rebuilt, or lost its special tokens. Each
statistic of the table is perfect.

## How it decides
Certain: rows are matched bit for bit (by their first elements, then in full). Fails where at least half of the rows
stand at another index in the reference.

## How to fix
Index by the token: `table[vocab[word]] = vectors[word]`; save the vocabulary beside the table.

## Example
Vectors loaded in the order of a sorted vocabulary into a model that numbers tokens by frequency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"checkpoint", "vectors"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Match the rows of two tables."""
    if subject.kind == "vectors":
        own, theirs = subject.facts.get("table"), subject.facts.get("expected")
    else:
        own, theirs = subject.value.own, subject.value.theirs
    if own is None or theirs is None or own.dim() != 2 or theirs.dim() != 2 or own.shape[1] != theirs.shape[1]:
        return
    if own.shape[0] < 4 or own.is_meta or not (own.is_floating_point() and theirs.is_floating_point()):
        return
    theirs = theirs.to(own.dtype)
    rows = min(own.shape[0], theirs.shape[0])
    there = (own[:rows] == theirs[:rows]).all(dim=1)
    moved = _moved(own, theirs, there)
    share = moved / rows
    yield Evidence(
        f"{moved} of {rows} rows stand at another index than in the reference"
        if share >= 0.5
        else f"{int(there.sum())} of {rows} rows stand where the reference has them",
        measured=share, expected=0.0, allowed=0.5, n=rows, holds=share < 0.5,
        fix="table[vocab[word]] = vectors[word]  # index by the token, not by position" if share >= 0.5 else "",
    )  # fmt: skip


def _moved(own: torch.Tensor, theirs: torch.Tensor, there: torch.Tensor) -> int:
    """Rows that are not where they should be, and are elsewhere in the reference (all-zero rows aside)."""
    where: dict[tuple[float, ...], list[int]] = {}
    width = min(4, own.shape[1])
    for i, key in enumerate(map(tuple, theirs[:, :width].tolist())):
        where.setdefault(key, []).append(i)
    moved = 0
    for i in range(there.numel()):
        if there[i] or not bool(own[i].any()):
            continue
        candidates = where.get(tuple(own[i, :width].tolist()), [])
        moved += any(j != i and torch.equal(own[i], theirs[j]) for j in candidates)
    return moved
