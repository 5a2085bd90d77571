"""A weight of unknown law whose values are few and equally frequent: a coarse generator; for `low-resolution`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import dense
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.subject import Subject

_SAMPLE, _FEWEST, _EACH = 1 << 18, 4096, 16
_STANDARD_ERRORS = 6.0


def coarse_draws(subject: Subject) -> Iterator[Evidence]:
    """Values of a layer's own weight, in 32 bits or more.

    n draws of k equally likely values give each n/k times, and the variance of these counts is n/k (1 - 1/k): their
    index of dispersion is 1 with a standard deviation of sqrt(2 / k). Uniforms of b bits, and any inverse distribution
    function of them, have k = 2^b. Quantised weights that were trained, or drawn finely, are bell-shaped instead, and
    tables that a formula gives are in order.
    """
    held, value = subject.facts.get("held"), dense(subject.value)
    if held is None or held.layer not in {"linear", "conv", "recurrent"} or value is None or value.dim() < 2:
        return
    if not value.is_floating_point() or value.dtype.itemsize < 4 or subject.summary.finite < _FEWEST:
        return
    sample = value.reshape(-1)[:_SAMPLE]
    if subject.summary.distinct > sample.numel() / _EACH:
        return
    values, counts = torch.unique(sample, return_counts=True)
    k, n = values.numel(), sample.numel()
    if k < _EACH or k > n / _EACH or _in_order(sample):
        return
    mean = n / k
    dispersion = float((counts.double() - mean).square().sum() / (k - 1) / (mean * (1 - 1 / k)))
    if abs(dispersion - 1) > _STANDARD_ERRORS * math.sqrt(2 / k):
        return
    yield Evidence(
        f"{k:,} different values among {n:,}, each about {mean:.0f} times (index of dispersion {dispersion:.3g}, 1 if "
        f"equally likely): draws of {math.log2(k):.1f} bits, where {str(value.dtype).removeprefix('torch.')} has "
        f"{24 if value.dtype == torch.float32 else 53}",
        measured=float(k), expected=float(n), n=n, holds=False,
        fix="draw in float32 and cast afterwards: torch.empty(shape).uniform_(-bound, bound)",
    )  # fmt: skip


def _in_order(sample: torch.Tensor) -> bool:
    """Whether neighbours depend on each other, as in a table: the lag-1 correlation of n independent values is N(0,
    1/n)."""
    x = sample.double() - sample.double().mean()
    power = float(x.square().sum())
    return power == 0 or abs(float((x[1:] * x[:-1]).sum())) / power > _STANDARD_ERRORS / math.sqrt(sample.numel())
