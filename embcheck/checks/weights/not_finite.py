"""A tensor holds NaN or infinity.

## What it checks
Every value of every floating-point parameter, draw and stored tensor is finite. Buffers may hold infinities
(attention masks do) but no NaN.

## Why it matters
One NaN in ten million weights turns the first loss into NaN, and the gradient turns every other weight into NaN.
Memory that nobody initialized, a division by a zero norm and a broken generator are where they come from.

## How it decides
Certain, not statistical: counted in one pass over every element, not sampled. No false alarm is possible; one value
is caught at any n.

## How to fix
Find who wrote it; the message names the first place. Memory from `torch.empty` or `to_empty` must be initialized:
`module.reset_parameters()`.

## Example
A model built on the meta device, `to_empty(device="cuda")`, and `reset_parameters` never called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import has_values
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "buffer"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count what is not finite in `subject.value`."""
    value = subject.value
    if not has_values(value) or not (value.is_floating_point() or value.is_complex()):
        return
    summary = subject.summary
    masks = subject.kind == "buffer"
    bad = summary.nan if masks else summary.nan + summary.posinf + summary.neginf
    counts = {"NaN": summary.nan, "+Inf": summary.posinf, "-Inf": summary.neginf}
    if masks:
        counts = {"NaN": summary.nan}
    listed = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    yield Evidence(
        f"{listed} among {summary.n:,} values{_first(value, masks)}" if bad else f"all {summary.n:,} values are finite",
        measured=float(bad),
        expected=0.0,
        allowed=0.0,
        n=summary.n,
        holds=not bad,
    )


def _first(value: torch.Tensor, masks: bool) -> str:
    """Where the first one is; rows are looked at one by one, so that no mask of the whole tensor is made."""
    if value.layout != torch.strided or value.is_nested or value.dim() == 0:
        return ""
    value = value.detach()
    for i, row in enumerate(value):
        bad = row.isnan() if masks else ~row.isfinite()
        if bad.any():
            inner = bad.nonzero()[0].tolist() if bad.dim() else []
            return f", the first at {[i, *inner]}"
    return ""
