"""How many different values n draws of a law should show, and the chance of as few as were seen.

Each value that the dtype (and the generator) can give is a cell that n balls may hit. With cell probabilities p_i the
expected number of different values is sum 1 - (1 - p_i)^n; what a coarse generator gives is far below it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.stats.distinct import KEPT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.distribution import Distribution
    from embcheck.stats.grid import Grid
    from embcheck.stats.summary import Summary

    Floats = NDArray[np.float64]

_LEVELS = {"float64": 2.0**22, "float32": 2.0**22}
_COARSE = 2.0**20
"""Levels of equal chance that a sound draw has at least, by dtype; `_COARSE` for 16 bits and fewer.

Torch's float32 uniforms have 24 random bits, and a float64 tensor may hold what was drawn in float32. Shifting and
rounding them merges neighbours unevenly (three and one of four, where a tie goes to the even one), which costs as much
as three quarters of the levels; after a second rounding, to 16 bits, as much as fifteen sixteenths."""
_RARE = 0.05
"""Expected repetitions over n below which they are counted as Poisson events."""


@dataclass(frozen=True)
class Levels:
    """The values that can be drawn, in groups of equal chance."""

    probability: Floats
    """Of each group; shape (groups,), summing to 1."""
    size: Floats
    """Values in each group, at least 1 in effect."""
    _expected: dict[int, float] = field(default_factory=dict, init=False, repr=False)

    def expected(self, n: int) -> float:
        """Different values among n draws."""
        if n not in self._expected:
            self._expected[n] = float(np.dot(self.size, self._hit(n)))
        return self._expected[n]

    def p_value(self, distinct: float, n: int) -> float:
        """An upper bound of the chance of at most `distinct` different values among n draws.

        *Few repetitions expected* (less than n/20): their number is at most that of equal pairs, which is Poisson with
        mean n (n - 1) / 2 sum p_i^2 up to a relative error of order n max p (A. D. Barbour, L. Holst and S. Janson,
        *Poisson Approximation*, 1992, chapter 5). *Else*: whether a cell is hit is negatively associated between cells,
        so that the Chernoff bound for independent ones holds: min over t of exp(t distinct) times the product of
        1 - q_i + q_i exp(-t), with q_i the chance that a cell is hit (D. Dubhashi and D. Ranjan, "Balls and bins: a
        study in negative dependence", Random Structures & Algorithms 13 (1998), 99-124).
        """
        if distinct >= self.expected(n):
            return 1.0
        pairs = n * (n - 1) / 2 * float(np.dot(self.probability, self.probability / self.size))
        if pairs < _RARE * n:
            return float(special.pdtrc(math.ceil(n - distinct) - 1, pairs)) if n - distinct >= 1 else 1.0
        return self._chernoff(distinct, self._hit(n))

    def _hit(self, n: int) -> Floats:
        """The chance that a value of each group is among n draws."""
        hit: Floats = -np.expm1(n * np.log1p(-np.minimum(self.probability / self.size, 1 - 1e-16)))
        return hit

    def _chernoff(self, distinct: float, hit: Floats) -> float:
        """The best exponent by bisection of its derivative, which is monotone."""
        low, high = 0.0, 60.0
        for _ in range(50):
            t = (low + high) / 2
            tilted = hit * math.exp(-t)
            mean = float(np.dot(self.size, tilted / (1 - hit + tilted)))
            low, high = (t, high) if mean > distinct else (low, t)
        log_p = low * distinct + float(np.dot(self.size, np.log(1 - hit + hit * math.exp(-low))))
        return min(1.0, math.exp(min(0.0, log_p)))


@dataclass(frozen=True)
class Resolution:
    """How finely a tensor resolves its law."""

    distinct: int
    """Different values seen; an estimate where the summary says so."""
    expected: float
    """Different values due."""
    p_value: float
    """The chance of so few under a sound draw, or an upper bound of it."""


def resolution(summary: Summary, law: Distribution) -> Resolution:
    """Different values seen beside those due for finite draws of a continuous law in the summary's dtype.

    What is due: draws of a generator with 24 random bits, rounded to the dtype to nearest or towards
    zero, whichever gives the larger chance. Where `distinct` is an estimate, its own spread is added: the k-th smallest
    of D uniform hashes is Beta(k, D - k + 1), exactly.
    """
    n, seen = summary.finite, summary.distinct
    if n == 0:
        return Resolution(0, 0.0, 1.0)
    modes = (False, True) if summary.grid.exact else (False,)
    sound = [levels(law, summary.grid, n, towards_zero=mode) for mode in modes]
    due = min(s.expected(n) for s in sound)
    if summary.distinct_is_exact:
        return Resolution(seen, due, max(s.p_value(seen, n) for s in sound))
    return Resolution(seen, due, max(_estimated(s, seen, n) for s in sound))


def _estimated(sound: Levels, seen: int, n: int) -> float:
    """P(D <= m) + P(estimate <= seen | D = m), a bound for every m; the smallest of a few."""
    due = sound.expected(n)
    if seen >= due or seen < KEPT:
        return 1.0 if seen >= due else sound.p_value(seen, n)
    # the k-th smallest hash was at this fraction of the range, further out than that of m values would be
    if special.betaincc(KEPT, due - KEPT + 1, (KEPT - 1) / seen) > 1e-2:
        return 1.0  # nothing that the estimate's own spread would not do
    m = np.linspace(seen, due, 400)
    spread = special.betaincc(KEPT, m - KEPT + 1, (KEPT - 1) / seen)
    best = 1.0
    for small in (1e-2, 1e-4, 1e-6, 1e-9, 1e-12):
        enough = np.flatnonzero(spread <= small)
        if enough.size:
            i = enough[0]
            best = min(best, sound.p_value(float(m[i]), n) + float(spread[i]))
    return best


@lru_cache(maxsize=64)
def levels(law: Distribution, grid: Grid, n: int, *, towards_zero: bool = False) -> Levels:
    """The values of a dtype under a law, each of the grid's cells being one group.

    Args:
        law: continuous.
        grid: of the dtype.
        n: how many draws; what they are not expected to hit once in 10,000 times is left out.
        towards_zero: how a draw is rounded; otherwise to nearest. It matters for 16-bit and smaller types only.
    """
    generator = _LEVELS.get(grid.name, _COARSE)
    if grid.exact:
        values = grid.values
        edges = _edges(values, towards_zero=towards_zero)
        inside = 1.0
    else:
        edges = grid.lowest[grid.finite][1:]
        inside = 2.0 ** (grid.dtype.itemsize * 8 - grid.bits)
    edges = _within_reach(edges, law, n)
    with np.errstate(over="ignore"):  # (x - mean) / std of the largest numbers
        probability = np.diff(law.cdf(np.concatenate([[-np.inf], edges, [np.inf]])))
    probability = probability[probability * n > 1e-4]
    if not probability.size:
        probability = np.ones(1)
    # a group has no more values than the generator has levels there
    return Levels(probability / probability.sum(), np.minimum(inside, generator * probability))


def _within_reach(edges: Floats, law: Distribution, n: int) -> Floats:
    """Ascending edges without those that n draws do not reach: beyond the law's last 1e-14, or all but zero."""
    low, high = law.ppf(np.asarray([1e-14, 1 - 1e-14]))
    edges = edges[np.searchsorted(edges, low) : np.searchsorted(edges, high) + 1]
    near = np.searchsorted(edges, [-1e-6 * law.std / n, 1e-6 * law.std / n])
    return np.concatenate([edges[: near[0]], edges[near[1] :]])


def _edges(values: Floats, *, towards_zero: bool) -> Floats:
    """Where draws begin to be rounded to the next value; shape (len(values) - 1,)."""
    if towards_zero:
        return np.where(values[1:] <= 0, values[:-1], values[1:])
    return values[:-1] / 2 + values[1:] / 2
