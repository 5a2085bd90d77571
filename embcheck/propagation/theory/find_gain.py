"""The gain that keeps each channel, by theory: no weight is drawn."""

from __future__ import annotations

import itertools
import math
from bisect import insort
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from embcheck.propagation.theory.architectures import predict_architecture
from embcheck.propagation.theory.fixed_points import root
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.theory.prediction import layer_steps
from embcheck.propagation.theory.trajectory import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.trajectory import Step, Trajectory

LOWEST, HIGHEST = 0.1, 16.0
RATIO = 1.2
"""Of neighbouring gains while looking for what is kept."""
PRECISION = 1e-7
"""Relative, of the gains that are reported; for the signal, whose map is a double integral, ROUGH."""
ROUGH = 1e-3
ALL = "all three"


@dataclass(frozen=True)
class Gain:
    """What theory says of one channel, or of all three at once."""

    channel: str
    gain: float | None
    """The gain with the smallest change over the depth (for all three: of forward signal and gradient); None if none
    stays inside the limit."""
    low: float | None
    """Lowest gain of the interval around it that stays inside the limit."""
    high: float | None
    change: float | None
    """ln change over the depth at `gain`; for all three the largest of them."""
    chi_1: float | None = None
    chi_q: float | None = None
    """Slopes where q ends."""
    sensitivity: float = 0.0
    """ln of what a deviation of q in the first layer has become in the last: sum of ln (d ln q' / d ln q)."""

    @property
    def interval(self) -> str:
        """From where to where; open at the end of what was searched (a branch that adds less changes less)."""
        if self.low is None or self.high is None:
            return "none"
        if self.low <= LOWEST * 1.001:
            return f"up to {self.high:.4g}"
        return f"{self.low:.4g} or more" if self.high >= HIGHEST * 0.999 else f"{self.low:.4g} to {self.high:.4g}"

    @property
    def open(self) -> bool:
        """One end of the interval is the end of what was searched, so that the gain itself says little."""
        if self.low is None or self.high is None:
            return False
        return self.low <= LOWEST * 1.001 or self.high >= HIGHEST * 0.999

    @property
    def repels(self) -> bool:
        """q runs away from its fixed point at this gain: kept over this depth by a balance that finite width upsets."""
        return self.sensitivity > 1


def find_gain(c: Configuration, limit: float) -> tuple[Gain, ...]:
    """For each channel, and for all at once, the gains whose change over the depth stays within +-limit.

    Mean-field theory of the configuration's own widths and bias, on a logarithmic grid from 0.1 to 16 refined at what
    is found. Empty where there is no theory.
    """
    if (_steps(c, 1.0) if c.architecture == "mlp" else predict_architecture(c)) is None:
        return ()
    fan = math.log(c.widths[-1] / c.widths[1])
    precision = PRECISION if c.architecture == "mlp" else ROUGH

    @cache
    def whole(log: float) -> Trajectory:
        return _path(c, math.exp(log))

    @cache
    def others(log: float) -> tuple[float, float]:
        path = _path(c, math.exp(log), signal=False) if c.architecture == "mlp" else whole(log)
        return path.log_q[-1] - path.log_q[0], path.log_g[0] + fan

    def signal(log: float) -> float:
        path = whole(log)
        return path.log_s[-1] - path.log_s[0]

    def forward(log: float) -> float:
        return others(log)[0]

    def gradient(log: float) -> float:
        return others(log)[1]

    def pair(log: float) -> float:
        return max(abs(forward(log)), abs(gradient(log)))

    found = [
        _search("forward", forward, limit, precision),
        _search("signal", signal, limit, ROUGH),
        _search("gradient", gradient, limit, precision),
    ]
    lows, highs = [g.low for g in found if g.low is not None], [g.high for g in found if g.high is not None]
    if len(lows) == 3 and max(lows) <= min(highs):
        low, high = max(lows), min(highs)
        best = math.exp(_minimum(pair, math.log(low), math.log(high), precision))
        largest = max(pair(math.log(best)), abs(signal(math.log(best))))
        found.append(Gain(ALL, best, low, high, largest))
    else:
        found.append(Gain(ALL, None, None, None, None))
    return tuple(_with_slopes(g, c) for g in found)


def _path(c: Configuration, gain: float, *, signal: bool = True) -> Trajectory:
    if c.architecture == "mlp":
        return follow(c.activation, _steps(c, gain) or (), q0=c.input_std**2, signal=signal)
    found = predict_architecture(replace(c, init=replace(c.init, gain=gain)))
    assert found is not None  # noqa: S101 - the gain does not decide whether there is a theory
    return found.path


def _steps(c: Configuration, gain: float) -> Sequence[Step] | None:
    return layer_steps(c.activation, replace(c.init, gain=gain), c.bias, c.widths)


def _search(name: str, change: Callable[[float], float], limit: float, precision: float) -> Gain:
    """The best gain and the interval around it, on logarithms of gains."""
    count = math.ceil(math.log(HIGHEST / LOWEST) / math.log(RATIO))
    grid = [math.log(LOWEST) + i * math.log(HIGHEST / LOWEST) / count for i in range(count + 1)]
    size = [_size(change(x)) for x in grid]
    best = grid[min(range(len(grid)), key=size.__getitem__)]
    for a, b in itertools.pairwise(grid):  # a coarse grid may step over a root
        if change(a) < 0 < change(b) and math.isfinite(change(a)) and math.isfinite(change(b)):
            best = root(change, a, b, precision)
            break
    else:
        at = grid.index(best)
        if 0 < at < len(grid) - 1:
            best = _minimum(lambda x: _size(change(x)), grid[at - 1], grid[at + 1], precision)
    if _size(change(best)) > limit:
        return Gain(name, None, None, None, None)
    insort(grid, best)
    at = grid.index(best)
    low = _end(change, list(reversed(grid[: at + 1])), limit, precision)
    high = _end(change, grid[at:], limit, precision)
    return Gain(name, math.exp(best), math.exp(low), math.exp(high), change(best))


def _size(change: float) -> float:
    return math.inf if math.isnan(change) else abs(change)


def _end(change: Callable[[float], float], way: list[float], limit: float, precision: float) -> float:
    """How far along `way` the change stays within the limit."""
    inside = way[0]
    for further in way[1:]:
        outside = further
        if _size(change(outside)) > limit:
            while abs(outside - inside) > precision:
                middle = 0.5 * (inside + outside)
                inside, outside = (middle, outside) if _size(change(middle)) <= limit else (inside, middle)
            return inside
        inside = further
    return inside


def _minimum(size: Callable[[float], float], a: float, b: float, precision: float) -> float:
    """Golden-section search."""
    ratio = (math.sqrt(5) - 1) / 2
    c, d = b - ratio * (b - a), a + ratio * (b - a)
    fc, fd = size(c), size(d)
    while b - a > precision:
        if fc < fd:
            b, d, fd = d, c, fc
            c = b - ratio * (b - a)
            fc = size(c)
        else:
            a, c, fc = c, d, fd
            d = a + ratio * (b - a)
            fd = size(d)
    return 0.5 * (a + b)


def _with_slopes(found: Gain, c: Configuration) -> Gain:
    """The slopes where q ends at this gain, and how a deviation of q grows on the way."""
    if found.gain is None or c.architecture != "mlp":
        return found
    steps = _steps(c, found.gain) or ()
    path = [min(max(q, -100.0), 100.0) for q in _path(c, found.gain, signal=False).log_q]
    sensitivity = 0.0
    for log_q, step in zip(path, steps[1:], strict=False):
        m = moments(c.activation, math.exp(log_q))
        response = step.sigma_w2 * m.V * m.elasticity / (step.sigma_w2 * m.V + step.sigma_b2)
        sensitivity += math.log(response) if response > 0 else -math.inf
    last = moments(c.activation, math.exp(path[-1]))
    weight = steps[-1].sigma_w2
    return replace(found, chi_1=weight * last.D, chi_q=weight * last.slope, sensitivity=sensitivity)
