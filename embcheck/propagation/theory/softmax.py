"""How unequal a softmax of random scores is, and how far it turns with them: attention at initialization.

With m scores N(0, v) the weights p have E[sum p^2] = (1 + excess) / m: excess is 0 at v = 0 (uniform attention), about
(e^v - 1)(1 - 1/m) while v is small, and m - 1 where one key takes all. Scores that move by independent steps of
variance w move the weights by E[sum dp^2] = w turning / m, turning = m E[P2 - 2 P3 + P2^2] with Pk = sum p^k.

Moments of the weights are integrals of Laplace transforms of one lognormal, since 1 / Z^k = int x^(k-1) e^(-xZ) dx /
(k-1)! for Z = sum e^s: with Mk(x) = E[e^(ks) exp(-x e^s)], E[P2] = m int x M2 M0^(m-1) dx, and so on. They are exact at
every v and m.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.propagation.theory.activation import Floats

STEP = 0.3
"""Of ln x and of s: the trapezoid rule of functions that are analytic and fall off on both sides."""
REACH = 10.0
MOST = 400.0
"""Variance of scores beyond which the moments are continued by their asymptotic law (to about 5%)."""
NODES = 20
"""Of the interpolation in ln(1 + v)."""


@lru_cache(maxsize=512)
def moments_at(v: float, tokens: int) -> Floats:
    """Excess and turning for m = 1 ... `tokens` keys with scores of variance v > 0: [2, tokens]."""
    if v > MOST:  # the rest falls as the chance that the two largest scores are within about 1 of each other
        held, one_key = moments_at(MOST, tokens), np.arange(tokens)
        closer = math.sqrt(MOST / v)
        return np.stack([one_key - (one_key - held[0]) * closer, held[1] * closer])
    root = math.sqrt(v)
    step = min(0.15, STEP / root)
    z = np.arange(-REACH, REACH + step, step)
    w = np.exp(-0.5 * z * z) * step / math.sqrt(2 * math.pi)
    log_x = np.arange(-REACH * root - math.log(tokens) - 40, REACH * root + 6, STEP)
    log_fed = np.minimum(log_x[:, None] + root * z, 700.0)
    fed = np.exp(log_fed)
    none = np.exp(-fed) @ w
    # x^k Mk; dx / x = d ln x
    two, three, four = (np.exp(k * log_fed - fed) @ w for k in (2, 3, 4))
    m = np.arange(1, tokens + 1, dtype=np.float64)
    with np.errstate(divide="ignore", under="ignore"):
        log = np.log(none)[:, None]
        others, fewer = np.exp(log * (m - 1)), np.exp(log * np.maximum(m - 2, 0))
    p2, p3 = m * (two @ others) * STEP, m * (three @ others) * STEP / 2
    p2_squared = (m * (four @ others) + m * (m - 1) * ((two * two) @ fewer)) * STEP / 6
    return np.stack([m * p2 - 1, m * (p2 - 2 * p3 + p2_squared)])


def attention_moments(v: Floats, keys: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Excess and turning at scores of variance `v` over `keys` keys, all of one shape."""
    if not float(v.max()) > 0:
        return np.zeros(v.shape), np.asarray(1 - 1 / keys)
    # few different ends, so that layers share what was computed
    end = math.log1p(2.0 ** math.ceil(math.log2(float(v.max()))))
    x, _ = np.polynomial.legendre.leggauss(NODES)
    table = np.stack([moments_at(math.expm1(end * (float(node) + 1) / 2), int(keys.max())) for node in x])
    place = np.clip(np.log1p(v) / end * 2 - 1, -1.0, 1.0)
    found = []
    for which in (0, 1):
        fitted = np.polynomial.chebyshev.chebfit(x, table[:, which], NODES - 1)
        found.append(np.maximum(np.polynomial.chebyshev.chebval(place, fitted[:, keys - 1], tensor=False), 0.0))
    return found[0], found[1]
