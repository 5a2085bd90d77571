"""Units that pass nothing: how many chance alone silences, and how many are saturated at a given scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from embcheck.propagation.theory.gaussian import expectation, rule

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

SATURATED = 0.1
"""|phi'| below this share of its peak: less than 1% of the peak gradient power passes."""


def dead_null(f: Activation, log_q: float, c: float, inputs: int) -> float:
    """Fraction of units whose derivative is 0 for all of `inputs` Gaussian inputs of pairwise correlation c.

    E_z[P(h silent | z)^B], the inputs being exchangeable given their common part sqrt(c) z. For a ReLU it
    tends to 1/2 as c -> 1: half of all units are inactive on all inputs of a sound deep network.
    """
    if not f.silent or not math.isfinite(log_q):
        return 0.0
    root = math.exp(0.5 * min(max(log_q, -600.0), 600.0))
    c = min(max(c, 0.0), 1.0 - 1e-12)
    common, own = math.sqrt(c), math.sqrt(1 - c)
    kinks = tuple(k / root for bounds in f.silent for k in bounds if math.isfinite(k))
    sharp = tuple((k + d * own) / common for k in kinks for d in (-4.0, -1.0, 0.0, 1.0, 4.0)) if common > 0 else ()
    z, w = rule(1.0, tuple(sorted(s for s in sharp if abs(s) < 14)))
    probability = np.zeros_like(z)
    for low, high in f.silent:
        upper = ndtr((high / root - common * z) / own) if math.isfinite(high) else np.ones_like(z)
        lower = ndtr((low / root - common * z) / own) if math.isfinite(low) else np.zeros_like(z)
        probability += upper - lower
    # summed over intervals: a unit on the upper flat part for one input and on the lower for another is dead too
    return float(w @ np.clip(probability, 0.0, 1.0) ** inputs)


def saturated_share(f: Activation, log_q: float) -> float | None:
    """P(|phi'(h)| < 0.1 sup |phi'|) at h ~ N(0, q); None for an activation that is not bounded."""
    if f.peak is None or not math.isfinite(log_q):
        return None
    q = math.exp(min(log_q, 300.0))
    bound = SATURATED * f.peak
    edges = f.kinks if f.silent else _crossing(f, bound)
    return expectation(lambda h: (np.abs(f.derivative(h)) < bound).astype(np.float64), q, edges)


def _crossing(f: Activation, bound: float) -> tuple[float, ...]:
    """The two h at which |phi'| falls to `bound`, for a slope that falls from 0 outward on both sides."""
    low, high = 0.0, 1.0
    while float(f.derivative(np.full(1, high))[0]) > bound:
        high *= 2
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if float(f.derivative(np.full(1, middle))[0]) > bound else (low, middle)
    return (-high, high)
