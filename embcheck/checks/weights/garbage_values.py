"""A parameter holds what happened to be in memory.

## What it checks
Floating-point parameters: magnitudes that no initializer and no training produces, subnormal numbers among ordinary
ones, and, where the target is a factory, elements that nobody fills.

## Why it matters
`nn.Parameter(torch.empty(...))`, `torch.Tensor(n)` and `to_empty()` hand out memory as it is: zeros today, 1e31 or NaN
tomorrow. The model trains, badly, and differently on every machine.

## How it decides
Certain. A factory is built again while torch fills every uninitialised tensor with NaN
(`torch.utils.deterministic.fill_uninitialized_memory`): a NaN that appears only then was never written. Without a
factory, a finite magnitude above 1e12 (below the square root of float32's largest number, so that one product still
fits) fails; so do subnormal numbers in more than one of a thousand elements beside values above 1e-12: a normal law of
any scale above that gives one with a chance below 1e-25, and 1e-25 of 1e9 elements is nothing. So do subnormal numbers
beside nothing but zeros, which is how integers read as floats. Both signs are warnings, because weight decay can push
trained rows there. A table of shares, none negative and every row or every column with the sum 1, is a softmax whose
small exponentials underflow, and passes. No false alarm on drawn weights; one absurd element of a billion is caught.

## How to fix
Initialise it: `nn.init.xavier_uniform_(self.weight)` in `reset_parameters`, and call that after `to_empty()`.

## Example
`self.score = nn.Parameter(torch.empty(1, 4, 8))` with no line that fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.spelling import drawing, share_of, spelled
from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "builds"})
_ABSURD = 1e12
_WIDE = frozenset({"float64", "float32", "bfloat16"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Look at the magnitudes of a parameter, or at what poison showed."""
    if subject.kind == "builds":
        yield from _unfilled(subject)
        return
    if subject.dtype not in _WIDE or "reading" not in subject.facts:
        return
    s = subject.summary
    largest = max(abs(s.min), abs(s.max)) if s.finite else 0.0
    if largest > _ABSURD:
        yield Evidence(
            f"the largest of {s.n} elements is {largest:.3g} in size; no initializer and no training gives that "
            f"({_ABSURD:g} is allowed): it looks like uninitialised memory",
            measured=largest, allowed=_ABSURD, n=s.n, holds=False, fix=drawing(subject.facts["held"]),
        )  # fmt: skip
        return
    share = s.subnormal / max(s.n, 1)
    strange = share > 1e-3 and (largest > 1e-12 or s.subnormal + s.zero == s.n) and not _shares(subject.value)
    if s.finite:
        yield Evidence(
            f"{s.subnormal} of {s.n} elements are subnormal numbers beside values of {largest:.3g}: uninitialised "
            "memory, or rows that weight decay has driven to nothing"
            if strange
            else f"magnitudes are ordinary: the largest of {s.n} is {largest:.3g}",
            measured=share, allowed=1e-3, n=s.n, holds=not strange, severity=Severity.WARNING if strange else None,
            fix=drawing(subject.facts["held"]) if strange else "",
        )  # fmt: skip


def _shares(table: torch.Tensor) -> bool:
    """Whether the rows or the columns are distributions: what a softmax over logits a hundred apart gives."""
    if table.dim() < 2 or not table.numel() or bool((table < 0).any()):
        return False
    allowed = table.shape[-2:].numel() * torch.finfo(table.dtype).eps
    sums = (table.sum(dim=d, dtype=torch.float64) for d in (-1, -2))
    return any(bool(((s - 1).abs() <= allowed).all()) for s in sums)


def _unfilled(subject: Subject) -> Iterator[Evidence | Skip]:
    builds, buffers = subject.value, subject.facts["buffers"]
    found = {n: f for n, f in builds.unfilled.items() if n not in buffers}
    held = {m.held.name: m.held for m in subject.facts["census"].members} if found else {}
    for name, fraction in found.items():
        yield Evidence(
            f"no code fills {share_of(fraction)}: built with poisoned memory, it shows the poison",
            measured=fraction, expected=0.0, allowed=0.0, holds=False, part=name,
            fix=drawing(held[name]) if name in held else f"nn.init.normal_({spelled(name)}, std=0.02)",
        )  # fmt: skip
    if "poisoned memory" in builds.skipped:
        yield Skip(f"it cannot be built with poisoned memory: {builds.skipped['poisoned memory']}")
    elif not found:
        yield Evidence(f"every one of {builds.compared} tensors is filled: no poison shows", holds=True)
