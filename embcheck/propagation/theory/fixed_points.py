"""Where the second moment settles, and how fast a signal or a gradient forgets: q*, chi_1, chi_q, depth scales.

q* = sw2 V(q*) + sb2; chi_q = sw2 V'(q*) contracts deviations of q, chi_1 = sw2 D(q*) is the slope of the correlation
map at c = 1 and the factor of the gradient per layer; the depth scales are xi = -1 / ln chi (Poole et al. 2016;
Schoenholz et al. 2017, who find networks trainable up to a depth of about 6 xi_c).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from embcheck.propagation.theory.maps import EDGE, log_d, log_v, moments
from embcheck.propagation.theory.trajectory import add

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.propagation.theory.activation import Activation

STEP = 0.25
"""Grid step in ln q while looking for a change of sign."""
ALGEBRAIC = 1e-12
"""A map whose |ln(q'/q)| is below this is at its limit to rounding: q is approached algebraically."""


@dataclass(frozen=True)
class FixedPoint:
    """Where q goes from a start, and the linear maps there."""

    q: float
    """q*; 0 or infinity where q vanishes or explodes."""
    chi_1: float
    chi_q: float

    @property
    def xi_c(self) -> float:
        """Depth scale of the correlation and of the gradient: -1 / ln chi_1; negative where they grow."""
        return depth_scale(self.chi_1)

    @property
    def xi_q(self) -> float:
        """Depth scale of the second moment."""
        return depth_scale(self.chi_q)


def depth_scale(chi: float) -> float:
    """-1 / ln chi: infinite at chi = 1, negative (growth) above, 0 at chi = 0."""
    if chi <= 1e-100:  # nothing is remembered; a power law read off at the edge of doubles
        return 0.0
    return math.inf if abs(chi - 1) < 1e-12 else -1 / math.log(chi)


@lru_cache(maxsize=4096)
def fixed_point(f: Activation, sigma_w2: float, sigma_b2: float = 0.0, q_start: float = 1.0) -> FixedPoint:
    """The limit of q' = sw2 V(q) + sb2 from `q_start`: the next root on the side that the first step points to."""
    if sigma_w2 <= 0:
        return FixedPoint(sigma_b2, 0.0, 0.0)

    def growth(log_q: float) -> float:
        return add(math.log(sigma_w2) + log_v(f, log_q), math.log(sigma_b2) if sigma_b2 else -math.inf) - log_q

    here = math.log(q_start) if q_start > 0 else -EDGE
    rise = growth(here)
    if abs(rise) < ALGEBRAIC:
        return _at(f, sigma_w2, here)
    direction = math.copysign(STEP, rise)
    while abs(here) <= EDGE:
        there = here + direction
        value = growth(there)
        if abs(value) < ALGEBRAIC and not sigma_b2 and abs(there) > 20:
            return _at(f, sigma_w2, math.copysign(2 * EDGE, there))
        if value * rise <= 0:
            return _at(f, sigma_w2, root(growth, here, there))
        here = there
    return _at(f, sigma_w2, math.copysign(2 * EDGE, here))


def _at(f: Activation, sigma_w2: float, log_q: float) -> FixedPoint:
    """The linear maps at ln q; beyond EDGE their limit at 0 or infinity."""
    chi_1 = sigma_w2 * _exp(log_d(f, log_q))
    if abs(log_q) <= EDGE:
        q = math.exp(log_q)
        return FixedPoint(q, chi_1, sigma_w2 * moments(f, q).slope)
    edge = math.copysign(EDGE, log_q)
    m = moments(f, math.exp(edge))
    chi_q = sigma_w2 * m.elasticity * _exp(log_v(f, log_q) - log_q) if m.V else 0.0
    return FixedPoint(0.0 if log_q < 0 else math.inf, chi_1, chi_q)


def _exp(x: float) -> float:
    return math.exp(x) if x < 700 else math.inf


def root(f: Callable[[float], float], a: float, b: float, precision: float = 4e-16) -> float:
    """A root of f in [a, b], to rounding unless told otherwise: bisection steered by the secant (Illinois)."""
    fa, fb = f(a), f(b)
    for _ in range(200):
        if fb == 0 or abs(b - a) < precision * max(1.0, abs(b)):
            break
        middle = (a * fb - b * fa) / (fb - fa)
        if not min(a, b) < middle < max(a, b):
            middle = 0.5 * (a + b)
        fm = f(middle)
        if fm * fb < 0:
            a, fa = b, fb
        else:
            fa *= 0.5
        b, fb = middle, fm
    return b
