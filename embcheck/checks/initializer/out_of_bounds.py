"""A value lies where the law has none.

## What it checks
Minimum and maximum of a tensor whose law has bounds: a uniform's, the cut of a truncated normal, the [0, 1) of
`torch.rand`, a declared `within(low, high)`.

## Why it matters
A bound is a promise that code relies on: `log(1 - torch.rand(n))` is infinite at 1.0, `erfinv` at -1. A xavier bound
taken from one fan lies outside the bound of both.

## How it decides
Certain, not statistical: no value may lie outside [low, high] after rounding. Allowed beyond a bound is one spacing
of the dtype at the bound, which the bound's own rounding and the arithmetic of `u * (high - low) + low` can cost;
nothing is allowed at an end that is documented as open (`rand` never returns 1). No false alarm is possible for a
sound generator; a single value beyond is caught at any n.

## How to fix
Compute the bound from both fans (`gain * sqrt(6 / (fan_in + fan_out))`), and clamp after arithmetic in a low precision.

## Example
`torch.rand(10**6, dtype=torch.bfloat16)` that holds a 1.0, drawn in float32 and rounded up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import has_values, initializer_call
from embcheck.checks.mechanisms.spelling import expression
from embcheck.laws.families import Orthogonal
from embcheck.results import Evidence
from embcheck.stats.spacing import spacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the extremes of `subject.value` with the support of `subject.law`."""
    law = subject.law
    if law is None or law.exact or isinstance(law, Orthogonal):  # they have rules of their own
        return
    low, high = law.support
    if not has_values(subject.value) or not (math.isfinite(low) or math.isfinite(high)):
        return
    summary = subject.summary
    if not summary.finite or not getattr(torch, summary.dtype).is_floating_point:
        return
    least = low - spacing(low, summary.dtype)
    most = high if law.open_right else high + spacing(high, summary.dtype)
    under = summary.min < least
    over = summary.max >= most if law.open_right else summary.max > most
    worst = summary.min if under else summary.max
    bound = low if under else high
    interval = f"[{low:.6g}, {high:.6g}{')' if law.open_right else ']'}"
    ends = f"[{summary.min:.6g}, {summary.max:.6g}]"
    what = f"values lie in {ends}" if not (under or over) else (
        f"the {'smallest' if under else 'largest'} value is {worst:.9g}"
        + (f" and the largest {summary.max:.9g}" if under and over else "")
    )  # fmt: skip
    width = high - low if math.isfinite(high - low) else 1.0
    yield Evidence(
        f"{what}; {law.describe()} allows {interval}",
        measured=worst,
        expected=bound,
        allowed=least if under else most,
        effect=max(low - summary.min, summary.max - high, 0.0) / width,
        n=summary.finite,
        holds=not (under or over),
        fix=initializer_call(law, expression(subject)) if under or over else "",
    )
