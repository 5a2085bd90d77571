"""The truncated normal, accurate however far out it is cut."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.laws.law import Law
from embcheck.laws.spelling import spell

if TYPE_CHECKING:
    from embcheck.laws.law import Floats

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_ROOT, _HALF = math.sqrt(0.5), math.sqrt(math.pi / 2)


@dataclass(frozen=True)
class TruncatedNormal(Law):
    """N(loc, scale^2) given that it lies in [a, b]; a and b are values, not multiples of `scale` (`trunc_normal_`).

    `mean` and `std` are those of the truncated variable, `loc` and `scale` the parameters of the parent.
    """

    loc: float = 0.0
    scale: float = 1.0
    a: float = -2.0
    b: float = 2.0
    spelling: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.loc) and math.isfinite(self.scale) and self.scale > 0 and self.a < self.b):
            raise ValueError(f"{self}: std must be positive and a below b.")
        if not self._alpha < self._beta or not math.isfinite(min(abs(self._alpha), abs(self._beta))):
            raise ValueError(f"{self}: the interval holds none of the distribution that float64 can resolve.")

    def __str__(self) -> str:
        return self.spelling or f"trunc_normal({', '.join(map(spell, (self.loc, self.scale, self.a, self.b)))})"

    def describe(self) -> str:
        """The spelling, and what is cut where."""
        numbers = f"N({self.loc:.4g}, {self.scale:.4g}²) in [{self.a:.4g}, {self.b:.4g}]"
        return f"{self.spelling} = {numbers}" if self.spelling else numbers

    @property
    def _alpha(self) -> float:
        return (self.a - self.loc) / self.scale

    @property
    def _beta(self) -> float:
        return (self.b - self.loc) / self.scale

    @property
    def _peak(self) -> float:
        """Where in [alpha, beta] the density is highest: areas are taken relative to it, so nothing underflows."""
        return min(max(0.0, self._alpha), self._beta)

    @cached_property
    def _area(self) -> float:
        return float(_area(self._alpha, self._beta, self._peak))

    @property
    def relative_mass(self) -> float:
        """The integral of exp(-((x - loc) / scale)^2 / 2) over [a, b], over scale; may underflow for a far cut."""
        if self._peak == 0:
            return math.sqrt(math.pi / 2) * (math.erf(self._beta / math.sqrt(2)) - math.erf(self._alpha / math.sqrt(2)))
        return self._area * math.exp(-self._peak * self._peak / 2)

    def _standard(self, x: Floats) -> Floats:
        return np.clip((np.asarray(x, dtype=np.float64) - self.loc) / self.scale, self._alpha, self._beta)

    def cdf(self, x: Floats) -> Floats:
        """Area left of x over the whole area, without cancellation at either end."""
        z = self._standard(x)
        return np.clip(_area(self._alpha, z, self._peak) / self._area, 0.0, 1.0)

    def sf(self, x: Floats) -> Floats:
        """Area right of x over the whole area."""
        z = self._standard(x)
        return np.clip(_area(z, self._beta, self._peak) / self._area, 0.0, 1.0)

    def ppf(self, q: Floats) -> Floats:
        """The normal quantile in logarithms, polished by Newton steps on the nearer tail."""
        q = np.asarray(q, dtype=np.float64)
        sign = -1.0 if self._peak > 0 else 1.0  # cut out of the right half: work with the mirror image
        low, high = sorted((sign * self._alpha, sign * self._beta))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            p = q if sign > 0 else 1 - q
            log_mass = np.logaddexp(special.log_ndtr(low) + np.log1p(-p), special.log_ndtr(high) + np.log(p))
            z = np.clip(sign * special.ndtri_exp(log_mass), self._alpha, self._beta)
            for _ in range(3):
                x = self.loc + self.scale * z
                wrong = np.where(q < 0.5, self.cdf(x) - q, (1 - q) - self.sf(x))
                step = wrong * self._area * np.exp((z - self._peak) * (z + self._peak) / 2)
                z = np.clip(np.where(np.isfinite(step), z - step, z), self._alpha, self._beta)
        x = np.clip(self.loc + self.scale * z, self.a, self.b)
        x = np.where(q == 0, self.a, np.where(q == 1, self.b, x))
        return np.where((q >= 0) & (q <= 1), x, np.nan)

    @property
    def support(self) -> tuple[float, float]:
        """(a, b)."""
        return (self.a, self.b)

    @cached_property
    def _moments(self) -> tuple[float, float, float]:
        """Mean, variance and kurtosis of the standardised variable.

        The closed forms (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, 13.10) subtract nearly
        equal numbers for far or narrow cuts; Gauss-Legendre panels on the central moments do not.
        """
        width = 1.0 / max(1.0, abs(self._peak))
        reach = 40.0 * width if self._peak else 39.0  # beyond it the density is below 1e-300 of its peak
        low, high = max(self._alpha, self._peak - reach), min(self._beta, self._peak + reach)
        edges = np.linspace(low, high, max(2, math.ceil((high - low) / width) + 1))
        half = np.diff(edges)[:, None] / 2
        t = edges[:-1, None] + half * (1 + _NODES)  # offsets from the panel keep the digits of far cuts
        weight = half * _WEIGHTS * np.exp(-(t - self._peak) * (t + self._peak) / 2)
        total = weight.sum()
        offset = t - self._peak
        mean = float((weight * offset).sum() / total)
        central = offset - mean
        variance = float((weight * central**2).sum() / total)
        fourth = float((weight * central**4).sum() / total)
        centre = 0.0 if self._alpha == -self._beta else self._peak + mean
        return centre, variance, fourth / variance**2

    @property
    def mean(self) -> float:
        """Expectation after the cut."""
        return self.loc + self.scale * self._moments[0]

    @property
    def std(self) -> float:
        """Standard deviation after the cut: 0.8796 of `scale` for a cut at two sigma."""
        return self.scale * math.sqrt(self._moments[1])

    @property
    def kurtosis(self) -> float:
        """After the cut."""
        return self._moments[2]


def _area(low: Floats | float, high: Floats | float, peak: float) -> Floats:
    """Integral of exp((peak^2 - t^2) / 2) from low to high, elementwise, to about 1e-14 relative."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    mirrored = high <= 0
    near, far = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    area = np.empty(near.shape)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        # a short interval would be the difference of two nearly equal numbers: it is integrated instead
        short = (far - near) * np.maximum(1.0, np.maximum(np.abs(near), np.abs(far))) <= 1.0
        aside = ~short & ~(near < 0)
        for chosen, integral in ((short, _quadrature), (aside, _aside), (~short & ~aside, _across)):
            if chosen.any():
                area[chosen] = integral(near[chosen], far[chosen], abs(peak))
    return area


def _quadrature(near: Floats, far: Floats, peak: float) -> Floats:
    half = (far - near)[:, None] / 2
    t = near[:, None] + half * (1 + _NODES)
    return np.asarray((half * _WEIGHTS * np.exp(-(t - peak) * (t + peak) / 2)).sum(axis=-1))


def _across(near: Floats, far: Floats, peak: float) -> Floats:  # noqa: ARG001 - it is 0 in an interval that holds 0
    return np.asarray(_HALF * (special.erf(far * _ROOT) - special.erf(near * _ROOT)))


def _aside(near: Floats, far: Floats, peak: float) -> Floats:
    """Both on the right of 0: what lies beyond the one less what lies beyond the other."""
    return _HALF * (_beyond(near, peak) - np.where(np.isinf(far), 0.0, _beyond(far, peak)))


def _beyond(t: Floats, peak: float) -> Floats:
    return np.asarray(np.exp(_fall(t, peak)) * special.erfcx(t * _ROOT))


def _fall(t: Floats, peak: float) -> Floats:
    return np.where(np.isinf(t), -np.inf, (peak - t) * (peak + t) / 2)
