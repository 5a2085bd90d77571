"""How well a law fits a sample: a likelihood to rank by, and a p-value to refuse by.

Of an iid law are asked: mean and standard deviation, Kolmogorov-Smirnov, extremes too far out and not far enough, too
few and too many values in the tails, clamped values; of a normal also skewness and kurtosis, which see heavy tails
where n is small.
The p-value is the smallest of theirs times their number (Bonferroni): a law that is true is refused with at most the
probability that is stated, whatever the dependence among the questions. Every one of them allows for any faithful
rounding to the dtype.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.laws.families import Normal
from embcheck.laws.rounded_bounds import conventions
from embcheck.stats.extremes import not_far_enough, too_far
from embcheck.stats.moments import mean_test, scale_test
from embcheck.stats.spacing import spacing
from embcheck.stats.tails import EXPECTED, binomial_cdf, binomial_sf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.laws.identification.sample import Sample
    from embcheck.laws.law import Floats, Law


@dataclass(frozen=True)
class Fit:
    """What a law makes of a sample."""

    p_value: float
    """Smallest of the tests' p-values times their number."""
    d: float
    """Kolmogorov-Smirnov distance."""
    worst: str
    """The test with the smallest p-value, in words."""


def log_likelihood(sample: Sample, law: Law) -> float:
    """Logarithm of the multinomial probability of the sample's histogram, up to a constant of the sample.

    Of the conventions about the ends of a bounded law in a 16-bit type the likeliest counts.
    """
    return max(_log_likelihood(sample, drawn) for drawn in conventions(law, sample.dtype))


def _log_likelihood(sample: Sample, law: Law) -> float:
    edges, counts = sample.bins
    low, high = law.cdf(edges), law.sf(edges)
    mass = np.where(edges[1:] > law.mean, high[:-1] - high[1:], low[1:] - low[:-1])
    with np.errstate(divide="ignore"):
        terms = np.where(counts > 0, counts * np.log(np.maximum(mass, 0.0)), 0.0)
    return float(terms.sum())


def fit(sample: Sample, law: Law, estimated: bool = False) -> Fit:
    """Test a law; in a 16-bit type, under whichever convention about its ends fits best (see `laws.rounded_bounds`).

    Args:
        sample: at least two values.
        law: iid, continuous.
        estimated: its scale was taken from the sample: the tests of scale are left out, the others err on the side
            of "fits".
    """
    return max((_fit(sample, drawn, estimated) for drawn in conventions(law, sample.dtype)), key=lambda f: f.p_value)


def _fit(sample: Sample, law: Law, estimated: bool) -> Fit:
    edges = _edges(sample, law)
    d = _distance(sample, edges)
    tests = [*_tests(sample, law, edges, d, estimated)]
    worst = min(tests, key=lambda test: test[1])
    return Fit(min(1.0, len(tests) * worst[1]), d, worst[0])


def _tests(sample: Sample, law: Law, edges: _Edges, d: float, estimated: bool) -> Iterator[tuple[str, float]]:
    n, dtype = sample.n, sample.dtype
    low, high = law.support
    outside = sample.low < low - spacing(low, dtype) or sample.high > high + spacing(high, dtype)
    if outside:
        yield f"values from {sample.low:.4g} to {sample.high:.4g}, outside [{low:.4g}, {high:.4g}]", 0.0
        return
    yield f"its mean, {sample.mean:.4g}", mean_test(n, sample.mean, law, dtype).p_value
    if not estimated:
        scale = scale_test(n, sample.mean, sample.std, law, dtype)
        yield f"its standard deviation, {sample.std:.4g}", 2 * min(scale.p_small, scale.p_large)
    yield f"its distance from the law, D = {d:.4g}", float(special.kolmogorov(math.sqrt(n) * d))
    yield "values too far out", too_far(n, sample.low, sample.high, law, dtype).p_value
    yield "tails that end too early", not_far_enough(n, sample.low, sample.high, law, dtype).p_value
    yield from _tails(sample, law)
    yield from _clamped(sample, law, edges)
    if isinstance(law, Normal) and n >= 20:
        skewness, kurtosis = sample.shape_moments
        yield f"its skewness, {skewness:.3g}", skewness_p(n, skewness)
        yield f"its kurtosis, {kurtosis:.3g}", kurtosis_p(n, kurtosis)


@dataclass(frozen=True)
class _Edges:
    """What a law says at the sample's points: F below each cell and F just beyond it, shape (p,)."""

    below: Floats
    beyond: Floats


def _edges(sample: Sample, law: Law) -> _Edges:
    at = sample.points
    return _Edges(law.cdf(sample.below[at]), law.cdf_left(sample.above[at]))


def _distance(sample: Sample, law: _Edges) -> float:
    """sup |F_n - F| over the sample's points, F anywhere between the two faithful roundings."""
    at = sample.points
    upto = sample.upto[at]
    before = upto - sample.counts[at]
    return float(max((upto / sample.n - law.beyond).max(), (law.below - before / sample.n).max(), 0.0))


@lru_cache(maxsize=4096)
def _thresholds(law: Law, n: int) -> tuple[tuple[float, float], ...]:
    """The quantiles, left and right, that 16 and 256 values should exceed; of tails of an eighth at most."""
    tails = np.asarray([tail for expected in EXPECTED if (tail := expected / n / 2) <= 0.125])
    return tuple(zip(law.ppf(tails).tolist(), law.ppf(1 - tails).tolist(), strict=True)) if tails.size else ()


def _tails(sample: Sample, law: Law) -> Iterator[tuple[str, float]]:
    """Exact binomial tests of the counts beyond the quantiles that 16 and 256 values should exceed."""
    for left, right in _thresholds(law, sample.n):
        i = int(np.searchsorted(sample.bottom, left))
        j = int(np.searchsorted(sample.top, right, side="right"))
        if i == 0 or j == sample.counts.size:
            continue  # the extremes see it
        outside = int(sample.upto[i - 1]) + sample.n - int(sample.upto[j - 1])
        fewer, more = law.sf(np.asarray([sample.above[j - 1], sample.top[j - 1]]))
        least = float(law.cdf(sample.top[i - 1]) + fewer)
        most = float(law.cdf_left(sample.above[i - 1]) + more)
        yield (
            f"{outside} values in the tails where {sample.n * most:.0f} are due",
            min(1.0, 2 * min(binomial_cdf(outside, sample.n, least), binomial_sf(outside, sample.n, min(1.0, most)))),
        )


def _clamped(sample: Sample, law: Law, edges: _Edges) -> Iterator[tuple[str, float]]:
    """Values that share the cell of an extreme, as a clamp would make them; the extreme itself is not counted.

    Given the extreme, the others are independent draws on its inner side.
    """
    for at, rest in ((0, law.sf(sample.below[0])), (-1, edges.beyond[-1])):
        mass = float(edges.beyond[at] - edges.below[at])
        count = int(sample.counts[at]) - 1
        chance = min(1.0, mass / float(rest)) if rest > 0 else 1.0
        yield f"{count + 1} values that end at {sample.bottom[at]:.4g}", binomial_sf(count, sample.n - 1, chance)


def skewness_p(n: int, skewness: float) -> float:
    """Two-sided p-value of a normal sample's skewness (R. B. D'Agostino, Biometrika 57 (1970), 679-681)."""
    y = skewness * math.sqrt((n + 1) * (n + 3) / (6.0 * (n - 2)))
    beta = 3.0 * (n**2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2.0) * (n + 5) * (n + 7) * (n + 9))
    w2 = -1 + math.sqrt(2 * (beta - 1))
    delta = 1 / math.sqrt(0.5 * math.log(w2))
    z = delta * math.asinh(y / math.sqrt(2.0 / (w2 - 1)))
    return float(special.erfc(abs(z) / math.sqrt(2)))


def kurtosis_p(n: int, kurtosis: float) -> float:
    """Two-sided p-value of a normal sample's kurtosis (F. J. Anscombe, W. J. Glynn, Biometrika 70 (1983), 227-234)."""
    expected = 3.0 * (n - 1) / (n + 1)
    variance = 24.0 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3.0) * (n + 5))
    x = (kurtosis - expected) / math.sqrt(variance)
    skew = (
        6.0 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * math.sqrt(6.0 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    )
    a = 6.0 + 8.0 / skew * (2.0 / skew + math.sqrt(1 + 4.0 / skew**2))
    ratio = (1 - 2.0 / a) / (1 + x * math.sqrt(2.0 / (a - 4)))
    z = (1 - 2.0 / (9 * a) - math.copysign(abs(ratio) ** (1 / 3), ratio)) / math.sqrt(2.0 / (9 * a))
    return float(special.erfc(abs(z) / math.sqrt(2)))
