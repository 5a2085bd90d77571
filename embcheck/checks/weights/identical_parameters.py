"""Two parameters that should be drawn independently hold the same numbers.

## What it checks
Parameters of one shape, each its own memory: whether two that are not constant are equal bit for bit, or equal but for
a factor.

## Why it matters
Layers that start equal compute the same, receive the same gradients where they sit side by side, and use a fraction of
the width or depth that was paid for. It comes from `copy.deepcopy(layer)` (as `nn.TransformerEncoder` does), from a seed
set inside a loop, and from generators that do not advance.

## How it decides
Certain: candidates share mean, standard deviation and extremes, or their first values after scaling; then every element
is compared. Tables that a formula gives (in order, or of few distinct values) are equal in every layer and not asked.
Two independent draws of 16 elements are equal with a chance below 1e-90. A warning, because copies can be
meant: a target network, an exponential moving average, a documented deepcopy. Copies whose names differ in more than
numbers, and frozen ones, are notes. Where only some layers of a stack are copies and the others are not, it is an error:
nobody means that.

## How to fix
Draw each layer by itself: build the layers in a loop, or call `reset_parameters()` on each copy.

## Example
`nn.ModuleList([copy.deepcopy(layer) for _ in range(6)])`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_FEWEST = 16


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the parameters of the census that look alike."""
    census: Census = subject.value
    asked = [
        m
        for m in census.parameters
        if m.n >= _FEWEST and m.std > 0 and m.finite == m.n and m.held.read and not m.computed
    ]
    copies = 0
    for group in census.grouped(asked, lambda m: (m.held.shape, m.held.dtype, m.held.device)).values():
        for same in census.grouped(group, lambda m: m.head).values() if len(group) > 1 else ():
            for cluster in _clusters(same):
                copies += len(cluster)
                yield _evidence(cluster, [m for m in group if m.held.stack == cluster[0].held.stack])
    if not copies and len(asked) > 1:
        yield Evidence(f"no two of {len(asked)} parameters are copies of each other", holds=True, n=len(asked))


def _clusters(alike: list[Member]) -> Iterator[list[Member]]:
    """Those that are equal in every element, up to a positive factor."""
    left = list(alike)
    while len(left) > 1:
        first, *rest = left
        cluster = [first, *(m for m in rest if _proportional(first, m))]
        left = [m for m in rest if m not in cluster]
        if len(cluster) > 1:
            yield cluster


def _proportional(a: Member, b: Member) -> bool:
    assert a.held.read and b.held.read  # noqa: S101 - asked for above
    x, y = a.held.read(), b.held.read()
    if a.std == b.std:
        return torch.equal(x, y)
    eps = torch.finfo(x.dtype).eps
    if abs(a.low / a.std - b.low / b.std) > 16 * eps * abs(a.low / a.std) + 1e-12:
        return False
    sample = slice(0, 1 << 16)
    left, right = x.reshape(-1)[sample].double() / a.std, y.reshape(-1)[sample].double() / b.std
    return bool(torch.allclose(left, right, rtol=8 * eps, atol=1e-6 * eps))


def _evidence(cluster: list[Member], stack: list[Member]) -> Evidence:
    names = [m.held.name for m in cluster]
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    one_stack = len({m.held.stack for m in cluster}) == 1
    sizes = {m.held.module_type for m in cluster}
    frozen = any(not m.held.trainable for m in cluster)
    meant = frozen or (not one_stack and _parallel(names))
    some = one_stack and not frozen and len(stack) > len(cluster)
    scaled = len({m.std for m in cluster}) > 1
    return Evidence(
        f"{shown} hold the same {cluster[0].n} numbers" + (" but for a factor" if scaled else "")
        + ("; copies across branches can be meant (a target network)" if meant else ", drawn once and copied"),
        measured=float(len(names)), expected=1.0, allowed=1.0, n=cluster[0].n, holds=False, part=names[0],
        severity=Severity.NOTE if meant else Severity.ERROR if some else None,
        fix=f"draw each on its own: call reset_parameters() on every {sizes.pop() or 'copy'} after copying",
    )  # fmt: skip


def _parallel(names: list[str]) -> bool:
    """Whole branches that differ in a word (`student.x`, `teacher.x`), not layers that differ in an index."""
    parts = [n.split(".") for n in names]
    if len({len(p) for p in parts}) != 1:
        return False
    differing = [set(column) for column in zip(*parts, strict=True) if len(set(column)) > 1]
    return bool(differing) and all(not w.isdigit() for w in differing[0]) and parts[0][0] != parts[1][0]
