"""Tail probabilities of a sum of n independent draws, accurate far out where the central limit theorem is not.

The law of one summand is laid on a grid; its cumulant generating function gives the tail by Barndorff-Nielsen's form
of the Lugannani-Rice formula, P(mean >= y) = 1 - Phi(r + log(u/r)/r), whose relative error is O(1/n) and stays so
into the tail (R. Lugannani and S. Rice, Adv. Appl. Prob. 12 (1980), 475-490; O. E. Barndorff-Nielsen, Biometrika 73
(1986), 307-322; H. E. Daniels, Int. Stat. Rev. 55 (1987), 37-48).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from embcheck.stats.distribution import Distribution, Floats

_CELLS = 600
_MANY = 1000
"""From this many draws on the centre of the distribution is the Edgeworth expansion's, to 0.1%, and costs nothing."""
_REACH = 12.0
"""Standard deviations covered on either side; a normal has 4e-33 of its mass beyond."""


@lru_cache(maxsize=256)
def summands(law: Distribution, power: int) -> tuple[Floats, Floats]:
    """Values and weights of one summand, standardised to mean 0 and variance 1.

    Args:
        law: the law of X; its standard deviation must be positive.
        power: 1 for X itself (a mean), 2 for the squared deviation from its expectation (a variance).

    Returns:
        the values at the cells' midpoints, ascending for `power` 1, and the exact mass of each cell. Standardising
        removes what the midpoint rule does to mean and variance; skewness and the rest are off by O(cell^2) < 0.1%.
    """
    mean, std = law.mean, law.std
    low, high = ((end - mean) / std for end in law.support)
    edges = np.linspace(max(low, -_REACH), min(high, _REACH), _CELLS + 1)
    x = mean + std * edges
    left, right = np.diff(law.cdf(x)), -np.diff(law.sf(x))
    middle = (edges[:-1] + edges[1:]) / 2
    mass = np.where(middle < 0, left, right)
    y = middle**power
    mass = mass / mass.sum()
    y = y - mass @ y
    return y / math.sqrt(mass @ y**2), mass


@lru_cache(maxsize=256)
def is_normal(law: Distribution) -> bool:
    """Whether the law is a normal (to 1e-12 in its cdf, out to 8 standard deviations)."""
    if not all(math.isinf(end) or abs(end - law.mean) > 9 * law.std for end in law.support):
        return False
    z = np.linspace(-8, 8, 17)
    return bool(np.allclose(law.cdf(law.mean + law.std * z), special.ndtr(z), rtol=1e-9, atol=1e-12))


@lru_cache(maxsize=256)
def is_symmetric(law: Distribution) -> bool:
    """Whether the law has no skewness (to 1e-6)."""
    y, mass = summands(law, 1)
    return abs(float(mass @ y**3)) < 1e-6


def upper_tail(y: Floats, mass: Floats, n: int, z: float) -> float:
    """P(sum of n draws / sqrt(n) >= z), for draws standardised as by `summands`.

    For the lower tail call it with -y and -z. Never above 1 or below 0; 0 where z cannot be reached.
    """
    if abs(z) < (1.0 if n >= _MANY else 0.05):  # where r and u vanish together: first Edgeworth term, error O(1/n)
        skewness = float(mass @ y**3)
        return min(1.0, float(special.ndtr(-z)) + skewness / (6 * math.sqrt(n)) * (z * z - 1) * _density(z))
    target = z / math.sqrt(n)
    if target >= y.max():
        return 0.0
    if target <= y.min():
        return 1.0
    t, log_mgf, curvature = _saddlepoint(y, mass, target)
    r = math.copysign(math.sqrt(max(0.0, 2 * n * (t * target - log_mgf))), t)
    u = t * math.sqrt(n * curvature)
    if r == 0 or u / r <= 0:
        return float(special.ndtr(-z))
    return float(special.ndtr(-(r + math.log(u / r) / r)))


def _saddlepoint(y: Floats, mass: Floats, target: float) -> tuple[float, float, float]:
    """t with K'(t) = target, K(t) and K''(t); Newton kept inside a bracket, for K' is increasing."""
    low, high = -math.inf, math.inf
    t = target  # exact for a normal
    for _ in range(60):
        exponent = t * y
        shift = exponent.max()
        tilted = mass * np.exp(exponent - shift)
        total = float(tilted.sum())
        first = float(tilted @ y) / total
        second = float(tilted @ y**2) / total - first**2
        if first < target:
            low = t
        else:
            high = t
        step = (target - first) / max(second, 1e-300)
        if abs(step) <= 1e-10 * (1 + abs(t)):
            break
        following = t + step
        if not low < following < high:
            wide = 2 * abs(t) + 1
            following = (low + high) / 2 if math.isfinite(low + high) else t + math.copysign(wide, step)
        t = following
    return t, shift + math.log(total), max(second, 1e-300)


def _density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
