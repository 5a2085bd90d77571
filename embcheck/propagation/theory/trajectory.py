"""The mean-field trajectory: the three channels through a chain of layers of infinite width, in logarithms.

    q^1 = sw2 q^0 + sb2,   q^{l+1} = sw2 V(q^l) + sb2            forward second moment
    s^1 = sw2 s^0,         s^{l+1} = sw2 (V - C)(q^l, c^l)       signal: variance over inputs, s = q (1 - c)
    t^1 = 1,               t^{l+1} = sw2 D(q^l) t^l              power of a tangent (and of a gradient, backward)

(Poole et al. 2016, Schoenholz et al. 2017.) Everything is kept as a logarithm, so that 10,000 layers neither overflow
nor underflow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embcheck.propagation.theory.kernel import LINEAR, gap, jumps
from embcheck.propagation.theory.maps import EDGE, log_d, log_v, moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation

FAR = math.log(1e6)
"""Above this q an unbounded activation is its power law to 1e-3, and so is its correlation map."""


@dataclass(frozen=True)
class Step:
    """One linear layer, as the theory sees it."""

    sigma_w2: float
    """fan_in * Var W: what multiplies a second moment going forward."""
    sigma_b2: float = 0.0
    fan_in: int = 0
    """Units that feed the product; 0 where only infinite width is asked for."""
    fan_out: int = 0


@dataclass(frozen=True)
class Trajectory:
    """Natural logarithms per layer, first pre-activation first."""

    log_q: tuple[float, ...]
    log_s: tuple[float, ...]
    log_t: tuple[float, ...]

    @property
    def log_g(self) -> tuple[float, ...]:
        """Gradient power relative to the last layer, per coordinate of layers of equal width."""
        if not math.isfinite(self.log_t[-1]):
            return (*tuple(math.nan if not math.isfinite(t) else self.log_t[-1] for t in self.log_t[:-1]), 0.0)
        return tuple(self.log_t[-1] - t for t in self.log_t)


def follow(
    f: Activation, steps: Sequence[Step], q0: float = 1.0, c0: float = 0.0, *, signal: bool = True
) -> Trajectory:
    """The trajectory of inputs with second moment `q0` and correlation `c0` through `steps`.

    Without `signal` its channel is left at NaN: it costs a double integral a layer, the others a single one.
    """
    first = steps[0]
    log_q = [_log(first.sigma_w2 * q0 + first.sigma_b2)]
    log_s = [_log(first.sigma_w2 * q0 * (1 - c0)) if signal else math.nan]
    log_t = [0.0]
    last: tuple[Step, float, float] | None = None
    for step in steps[1:]:
        q, s, t = log_q[-1], log_s[-1], log_t[-1]
        if last is not None and last[0] == step and _settled(log_q, log_s, signal):
            log_q.append(q)
            log_s.append(s + last[1])
            log_t.append(t + last[2])
            continue
        sw, sb = _log(step.sigma_w2), _log(step.sigma_b2)
        log_q.append(add(sw + log_v(f, q), sb))
        log_s.append(sw + log_gap(f, q, s - q if math.isfinite(s) else -math.inf) if signal else math.nan)
        log_t.append(sw + log_d(f, q) + t)
        last = (step, log_s[-1] - s, log_t[-1] - t)
    return Trajectory(tuple(log_q), tuple(log_s), tuple(log_t))


def _settled(log_q: list[float], log_s: list[float], signal: bool) -> bool:
    """q is at its fixed point to rounding and s goes on by the same factor: the next layer is the last one again."""
    if len(log_q) < 3 or not abs(log_q[-1] - log_q[-2]) < 1e-14 * max(1.0, abs(log_q[-1])):
        return False
    return not signal or abs(log_s[-1] - 2 * log_s[-2] + log_s[-3]) < 1e-13 * max(1.0, abs(log_s[-1]))


def log_gap(f: Activation, log_q: float, log_delta: float) -> float:
    """ln (V - C) at ln q and ln (1 - c), continued where doubles end."""
    log_delta = min(log_delta, 0.0)
    if log_delta == -math.inf or log_q == -math.inf:
        return -math.inf
    if log_delta < math.log(LINEAR) and not jumps(f):
        return log_d(f, log_q) + log_q + log_delta
    delta = math.exp(max(log_delta, -600.0))
    inside = min(max(log_q, -EDGE), FAR if moments(f, math.exp(FAR)).elasticity > 0.5 else EDGE)
    kept, total = gap(f, math.exp(inside), delta), moments(f, math.exp(inside)).V
    if kept <= 0 or total <= 0:
        return -math.inf
    return math.log(kept / total) + log_v(f, log_q)


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def add(a: float, b: float) -> float:
    """ln(e^a + e^b)."""
    if a == b:
        return a + math.log(2) if math.isfinite(a) else a
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high)) if math.isfinite(high) else high
