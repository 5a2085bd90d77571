"""The chance of a two-sample Kolmogorov-Smirnov distance, exact for small samples."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from embcheck.stats.ks.kolmogorov import p_value

_STEPS = 10_000
"""Largest m + n for which paths are followed."""
_WORK = 5_000_000
"""Largest (m + n) min(m, n) for which they are."""


def two_sample_p_value(d: float, m: int, n: int) -> float:
    """P(D >= d) for two independent samples of one continuous law.

    Under the null every order of the pooled sample is equally likely: a lattice path from (0, 0) to (m, n), and D >= d
    if it leaves the band |i/m - j/n| < d (J. L. Hodges, "The significance probability of the Smirnov two-sample test",
    Arkiv för Matematik 3 (1957), 469-486).

    * m = n: the closed form of B. V. Gnedenko and V. S. Korolyuk, Doklady AN SSSR 80 (1951), 525-528, at any size.
    * small samples: the chance of leaving is summed step by step, without cancellation, so that small p-values keep
      their digits.
    * else: the one-sample law at n' = m n / (m + n), at d less half the spacing of the values that D can take, without
      which it is too small. Within 5% of the truth for p above 1e-8 where both samples exceed 500.

    Args:
        d: the observed distance.
        m: size of one sample.
        n: size of the other.
    """
    if m <= 0 or n <= 0 or d <= 0:
        return 1.0
    m, n = min(m, n), max(m, n)
    unit = math.gcd(m, n) / (m * n)
    if m == n:
        return _equal(round(d * n), n)
    if m + n <= _STEPS and (m + n) * m <= _WORK:
        # half a unit decides which paths are as far as d, whatever d was rounded to
        return _leaving(d - unit / 2, m, n)
    return p_value(d - unit / 2, m * n / (m + n))


def _equal(k: int, n: int) -> float:
    """P(D >= k/n) for two samples of n: the reflection principle."""
    j = np.arange(0, min(n // k, 100_000) + 1, dtype=np.float64)
    # C(2n, n - jk) / C(2n, n), as (n!)^2 / ((n - jk)! (n + jk)!)
    terms = np.exp(2 * special.gammaln(n + 1.0) - special.gammaln(n - j * k + 1) - special.gammaln(n + j * k + 1))
    return float(min(1.0, max(0.0, -2 * np.sum(np.where(j % 2, -terms, terms)[1:]))))


def _leaving(edge: float, m: int, n: int) -> float:
    """The chance that a random path leaves the band, by one step of the pooled order at a time."""
    inside = np.zeros(m + 1)  # chance of being at (i, t - i) without having left
    inside[0] = 1.0
    left = 0.0
    i = np.arange(m + 1)
    for t in range(m + n):
        remaining = m + n - t
        step_up = inside * (n - (t - i)) / remaining  # the next of the pooled sample is of the second
        step_right = inside * (m - i) / remaining
        inside = step_up
        inside[1:] += step_right[:-1]
        out = np.abs(i / m - (t + 1 - i) / n) > edge
        left += float(inside[out].sum())
        inside[out] = 0.0
    return min(1.0, left)
