"""From three totals to three words: an equivalence test on the log change over the user's own depth.

A significance test asks the wrong question (every finite network drifts, and enough seeds prove it); what matters is
whether the change over this depth is small enough to train through. So the 95% interval of the total is held against
+-LIMIT: inside is stable, beyond is vanishing or exploding, across is inconclusive, with the seeds it would take.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import ndtri, stdtrit

if TYPE_CHECKING:
    from embcheck.propagation.record import Channel

LIMIT = 6.0
"""Schoenholz et al. 2017: networks train up to a depth of about 6 xi_c, that is |L ln chi_1| <= 6 (amplitude x20)."""
SEVERE = 15.0
"""He et al. 2015: 22 layers at Xavier's scale (a total of -15.2) still converged, 30 layers (-20.8) did not."""
CONFIDENCE = 0.95
MOST_SEEDS = 10_000


@dataclass(frozen=True)
class Verdict:
    """A word and the numbers behind it."""

    label: str
    """stable, vanishing, exploding, inconclusive."""
    mean: float
    low: float
    high: float
    """95% interval of the total."""
    shape: str
    """exponential, algebraic, settling or flat: how the change goes on with depth."""
    needs: int | None = None
    """Seeds that would decide an inconclusive one; None where no number can."""
    drift: float | None = None
    """z of a drift that is significant beside a critical network of this width; None where that is not the question."""
    rate: float = 0.0
    """ln change per layer over the last half of the depth."""
    severe: bool = False

    @property
    def drift_p(self) -> float | None:
        """Two-sided p-value of the drift."""
        return None if self.drift is None else math.erfc(abs(self.drift) / math.sqrt(2))


def judge(channel: Channel, limit: float = LIMIT) -> Verdict:
    """The verdict on one channel.

    Args:
        channel: the totals of independent seeds, and theory's prediction where there is one.
        limit: half-width of the band that counts as stable.
    """
    mean = channel.mean
    shape, rate = _shape(channel.profile)
    if channel.course and shape != "flat":
        shape = channel.course
    if math.isnan(mean):
        return Verdict("inconclusive", math.nan, math.nan, math.nan, shape)
    if math.isinf(mean):
        return Verdict("exploding" if mean > 0 else "vanishing", mean, mean, mean, shape, rate=rate, severe=True)
    half, sd = _half_width(channel)
    low, high = mean - half, mean + half
    if -limit <= low and high <= limit:
        label = "stable"
    elif low > limit:
        label = "exploding"
    elif high < -limit:
        label = "vanishing"
    else:
        label = "inconclusive"
    return Verdict(
        label,
        mean,
        low,
        high,
        shape,
        needs=_needs(mean, sd, limit, len(channel.totals)) if label == "inconclusive" else None,
        drift=_drift(channel),
        rate=rate,
        severe=abs(mean) > SEVERE,
    )


def _half_width(channel: Channel) -> tuple[float, float]:
    """(half the 95% interval, standard deviation of one seed): t over seeds, theory's variance for fewer than three."""
    n = len(channel.totals)
    if n < 3:
        if channel.sd is None:
            return math.inf, math.nan
        return float(ndtri(0.5 + CONFIDENCE / 2)) * channel.sd / math.sqrt(n), channel.sd
    mean = channel.mean
    sd = math.sqrt(sum((t - mean) ** 2 for t in channel.totals) / (n - 1))
    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) * sd / math.sqrt(n), sd


def _needs(mean: float, sd: float, limit: float, have: int) -> int | None:
    """Smallest number of seeds whose interval, at this mean and spread, would clear the limit."""
    distance = abs(limit - abs(mean))
    if math.isnan(sd):
        return 3
    if distance == 0 or (float(ndtri(0.975)) * sd / distance) ** 2 > MOST_SEEDS:
        return None
    n = max(3, have + 1)
    while float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) * sd / math.sqrt(n) > distance:
        n += 1
    return n


def _drift(channel: Channel) -> float | None:
    """z of the mean total against a critical network's, with theory's variance; only where drift goes on for ever."""
    if not channel.scale_free or channel.sd is None or channel.shift is None or channel.sd == 0:
        return None
    return (channel.mean - channel.shift) / (channel.sd / math.sqrt(len(channel.totals)))


def _shape(profile: tuple[float, ...]) -> tuple[str, float]:
    """(how it goes on, ln change per layer over the last half).

    The last octave of depth beside the one before it: an exponential changes twice as much in it, a power law as
    much, a transient hardly at all. The word flips at the geometric mean of its neighbours, and at one half.
    """
    depth = len(profile)
    if depth < 8:
        rate = (profile[-1] - profile[0]) / (depth - 1) if depth > 1 and math.isfinite(profile[-1]) else 0.0
        return ("exponential" if abs(rate) > 1e-3 else "flat"), rate
    quarter, half, end = profile[depth // 4 - 1], profile[depth // 2 - 1], profile[-1]
    if not all(map(math.isfinite, (quarter, half, end))):
        return "exponential", math.nan
    late, early = end - half, half - quarter
    rate = late / (depth - depth // 2)
    if max(abs(p - profile[0]) for p in profile) < 0.25:
        return "flat", rate
    if abs(late) < 0.5 * abs(early) or abs(late) < 0.05:
        return "settling", rate
    return ("algebraic" if abs(late) < math.sqrt(2) * abs(early) else "exponential"), rate
