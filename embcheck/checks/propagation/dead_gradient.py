"""Gradients reach some layers too small for any optimizer, or not at all.

## What it checks
Whether the gradient of the first layer is exactly zero, and per layer the rms of a weight's gradient, for a gradient of
rms 1 at the last layer, against Adam's epsilon.

## Why it matters
Adam divides by sqrt(v) + 1e-8: below that rms the step is no longer set by the gradient's direction but shrinks with
it, and plain SGD has stopped long before. An exact zero never moves at all.

## How it decides
Certain: a total of minus infinity in any seed, or a layer with rms below 1e-8 (torch.optim.Adam's default eps),
computed from the measured powers of gradient and activation, ln g_l + ln x_{l-1}^2, without rounding. A loss that is
not of order 1 shifts the bound with it.

## How to fix
As for vanishing-gradients; for an exact zero look for a layer that is zero, a dead activation or a detached branch.

## Example
Sigmoid layers with `xavier_normal_`, from the thirteenth layer below the output on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.channel_evidence import mending
from embcheck.propagation.limits import ADAM_EPSILON, idle_layer
from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})
CUT = (
    "look for detach(), no_grad(), a layer of zeros, or checkpoint(..., use_reentrant=True) on inputs without gradients"
)


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Exact zeros, then the last layer below Adam's epsilon."""
    record: NetworkRecord = subject.value
    totals = record.gradient.totals
    if all(math.isnan(t) for t in totals):
        yield Skip("no gradient was measured")
        return
    zero = sum(t == -math.inf for t in totals)
    if zero:
        yield Evidence(
            f"no gradient at all reaches the first layer, in {zero} of {len(totals)} seeds",
            measured=0.0, allowed=ADAM_EPSILON, n=len(totals), holds=False,
            fix=CUT if record.own else mending(record),
        )  # fmt: skip
        return
    idle = idle_layer(record)
    least = min((p for p in map(_power, record.layers) if not math.isnan(p)), default=math.nan)
    rms = math.exp(0.5 * max(least, -1400.0)) if math.isfinite(least) else None
    where = "" if idle is None else f": layers 1 to {idle} are below Adam's epsilon"
    yield Evidence(
        f"the smallest rms of a weight's gradient is {_spelled(0.5 * least)}{where}"
        if math.isfinite(least)
        else "every weight's gradient is finite and above Adam's epsilon",
        measured=rms,
        allowed=ADAM_EPSILON,
        n=len(totals),
        holds=idle is None,
        fix="" if idle is None else mending(record),
    )


def _spelled(log: float) -> str:
    """exp(log), below the smallest float64 too."""
    return f"{math.exp(log):.2g}" if log > -700 else f"1e{log / math.log(10):.0f}"


def _power(layer: object) -> float:
    weight = getattr(layer, "log_weight_gradient", None)
    return float(weight if weight is not None else getattr(layer, "log_g"))  # noqa: B009 - either field
