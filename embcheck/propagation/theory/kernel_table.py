"""The correlation map at many correlations at once: a few exact values, and polynomials through them.

ln(gap / delta) is smooth in ln delta, kinks and jumps included (there it is a straight line), so that 28 Chebyshev
nodes over eight decades are good to a few 1e-5; the slope of the map comes with it, to a few 1e-4. In ln q the shapes
C / V and (dC/dc) / (q D) change so slowly that a straight line between neighbours 5% apart loses no more, with V and D
exact: layers whose norm leaves them a little below 1 share their tables.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev

from embcheck.propagation.theory.kernel import gap
from embcheck.propagation.theory.maps import moments

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation, Floats

LOWEST = math.log(1e-8)
NODES = 28
STEP = 0.05
"""Of ln q between tables."""


def correlation_map(f: Activation, q: float, c: Floats) -> tuple[Floats, Floats]:
    """C(q, c) = E[phi(u) phi(v)] and E[phi'(u) phi'(v)] = (dC/dc) / q (Price 1958; D at c = 1).

    Args:
        f: an activation whose phi does not jump, or whose slope is not asked for.
        q: second moment of both pre-activations.
        c: correlations from 0 to 1, of any shape; what lies outside is read as the nearer end.
    """
    place = math.log(q) / STEP
    low = math.floor(place)
    share = place - low
    delta = np.clip(1 - c, 0.0, 1.0)
    log = np.clip(np.log(np.maximum(delta, 1e-300)), LOWEST, 0.0)
    x = 1 - 2 * log / LOWEST
    m = moments(f, q)
    kept, slope = np.zeros(c.shape), np.zeros(c.shape)
    for i, weight in ((low, 1 - share), (low + 1, share)):
        if weight > 0:
            table = _table(f, i)
            ratio = np.exp(chebyshev.chebval(x, table.coefficients))  # gap / (delta V)
            kept += weight * (1 - delta * ratio)
            inner = ratio * (1 + chebyshev.chebval(x, table.rates)) * table.v_over_qd
            slope += weight * np.where(delta > math.exp(LOWEST), inner, 1.0)
    return m.V * kept, m.D * slope


@dataclass(frozen=True, eq=False)
class _Table:
    coefficients: Floats
    rates: Floats
    v_over_qd: float


@lru_cache(maxsize=1024)
def _table(f: Activation, index: int) -> _Table:
    """At q = e^(index * STEP)."""
    q = math.exp(index * STEP)
    m = moments(f, q)
    x = np.cos(math.pi * (np.arange(NODES) + 0.5) / NODES)
    logs = (1 - x) / 2 * LOWEST
    values = [math.log(max(gap(f, q, min(1.0, math.exp(log))) / m.V, 1e-300)) - log for log in logs]
    coefficients = np.asarray(chebyshev.chebfit(x, np.array(values), NODES - 1))
    rates = np.asarray(chebyshev.chebder(coefficients)) * (-2 / LOWEST)  # x = 1 - 2 ln(delta) / LOWEST
    return _Table(coefficients, rates, m.V / (q * m.D))
