"""A tensor holds NaN or infinity.

## What it checks
Every value of every floating-point parameter, draw and stored tensor is finite. Buffers may hold infinities
(attention masks do) but no NaN. With inputs also what a pass computes from finite tensors: the outputs and gradients.

## Why it matters
One NaN in ten million weights turns the first loss into NaN, and the gradient turns every other weight into NaN.
Memory that nobody initialized, a division by a zero norm and a broken generator are where they come from; in a pass
an epsilon of 1e-12 that is zero in float16, the logarithm of a zero, a row of attention that is masked throughout.

## How it decides
Certain, not statistical: counted in one pass over every element, not sampled. No false alarm is possible; one value
is caught at any n. In a pass the first operation that gives NaN or +infinity is named (-infinity is how attention
masks): an error if an output has it, a warning if only gradients do (not asked in float16, whose gradients need a
scaled loss), a note where neither does, because it was masked out.

## How to fix
Find who wrote it; the message names the first place. Memory from `torch.empty` or `to_empty` must be initialized:
`module.reset_parameters()`. In a pass, clamp what goes into the logarithm, root or quotient that is named.

## Example
A model built on the meta device, `to_empty(device="cuda")`, and `reset_parameters` never called.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import has_values
from embcheck.propagation.traced.observed import first_bad
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Trace
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "buffer", "trace"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count what is not finite in `subject.value`, or in what a pass computed."""
    if subject.kind == "trace":
        yield from _computed(subject.value, subject.facts["census"])
        return
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


def _computed(trace: Trace, census: Census) -> Iterator[Evidence]:
    """What a pass over finite tensors gave; where a tensor itself is not finite, that has been said."""
    if any(m.nan or (m.held.kind == "parameter" and m.finite < m.n) for m in census.members):
        return
    first = first_bad(trace)
    reached = first is not None and any(trace.behind_views(i).bad for i in trace.outputs)
    coarse = any(n.dtype == "float16" for n in trace.nodes)
    hurt = [] if coarse else [g.name for g in trace.gradients if g.zero < 1 and not math.isfinite(g.power)]
    if first is None and not hurt:
        return
    where = f"{first.label} is the first to give NaN or infinity from finite numbers" if first is not None else ""
    seen = ["the outputs"] * reached + [f"{len(hurt)} gradients (of {hurt[0]} first)" for _ in hurt[:1]]
    told = f"{' and '.join(seen)} {'hold' if seen else 'neither the outputs nor the gradients hold'} what is not finite"
    yield Evidence(
        f"{where}; {told.strip()}" if where else f"the forward pass is finite, and {told}",
        measured=float(len(hurt)), expected=0.0, part=first.label if first is not None else hurt[0], holds=False,
        severity=None if reached else Severity.WARNING if hurt else Severity.NOTE,
        fix=f"torch.clamp what goes into {first.label}, if it is a log, a root, a quotient or an exp"
        if first is not None else "",
    )  # fmt: skip
