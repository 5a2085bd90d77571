"""The exact one-step maps of the mean-field theory: V, M, D, their slopes, and the fourth moments of finite width.

Notation (Poole et al. 2016, Schoenholz et al. 2017): a pre-activation is sqrt(q) z with z ~ N(0, 1);
V(q) = E[phi^2], M(q) = E[phi], D(q) = E[phi'^2], and V'(q) = E[phi^2 (z^2 - 1)] / (2 q) by Stein's identity, which
holds for a phi with jumps too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embcheck.propagation.theory.gaussian import OSCILLATION_END, rule

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

EDGE = 140.0
"""|ln q| at which the maps are continued by their power law: beyond it squares leave the range of doubles."""


@dataclass(frozen=True)
class Moments:
    """Gaussian moments of an activation at one q."""

    q: float
    V: float
    """E[phi^2]: the second moment that the next layer sees."""
    M: float
    """E[phi]."""
    D: float
    """E[phi'^2]: the power that passes backward (or along a tangent)."""
    elasticity: float
    """d ln V / d ln q."""
    elasticity_d: float
    """d ln D / d ln q."""
    c_phi: float
    """E[phi^4] / V^2 - 1: n times the relative variance of one layer's mean of phi^2."""
    c_grad: float
    """E[(phi' t)^4] / D^2 - 1 for Gaussian t: the same for the tangent power."""
    c_cross: float
    """n times the relative covariance of the two."""

    @property
    def slope(self) -> float:
        """V'(q)."""
        return self.elasticity * self.V / self.q

    @property
    def variance(self) -> float:
        """Var[phi]."""
        return self.V - self.M**2

    @property
    def carrying(self) -> float:
        """p = D^2 / E[phi'^4]: the parameter-free fraction of units that carry gradient."""
        return 3 / (self.c_grad + 1)


@lru_cache(maxsize=65536)
def moments(f: Activation, q: float) -> Moments:
    """All one-step moments of `f` at second moment `q` > 0, to about 1e-14 relative."""
    if f.homogeneous:
        return _scale_free(f, q)
    if f.oscillating and q > OSCILLATION_END:
        return replace(moments(f, OSCILLATION_END), q=q)
    z, w = rule(q, f.kinks, f.oscillating)
    h = math.sqrt(q) * z
    y, d = f.phi(h), f.derivative(h)
    y2, d2 = y * y, d * d
    if f.gated:
        return _gated(q, w, z, y2, d2)
    V, D = float(w @ y2), float(w @ d2)
    # A constant multiplies E[z^2 - 1] = 0: taking it out first keeps the slope of e.g. sigmoid exact at small q.
    origin = float(f.phi(np.zeros(1))[0]) ** 2
    steep = float(f.derivative(np.full(1, 1e-300))[0]) ** 2
    tilt = w * (z * z - 1)
    return Moments(
        q=q,
        V=V,
        M=float(w @ y),
        D=D,
        elasticity=_ratio(float(tilt @ (y2 - origin)), 2 * V),
        elasticity_d=_ratio(float(tilt @ (d2 - steep)), 2 * D),
        c_phi=_ratio(float(w @ (y2 * y2)), V * V) - 1,
        c_grad=3 * _ratio(float(w @ (d2 * d2)), D * D) - 1,
        c_cross=_ratio(float(w @ (y2 * d2)), V * D) - 1,
    )


def _ratio(a: float, b: float) -> float:
    return a / b if b else math.nan


def _scale_free(f: Activation, q: float) -> Moments:
    """Closed forms for slopes (a, b): V = q D, D = (a^2 + b^2) / 2."""
    a, b = f.slopes or (1.0, 1.0)
    D = (a * a + b * b) / 2
    fourth = (a**4 + b**4) / 2 / D**2
    return Moments(
        q=q,
        V=q * D,
        M=(a - b) * math.sqrt(q / (2 * math.pi)),
        D=D,
        elasticity=1.0,
        elasticity_d=0.0,
        c_phi=3 * fourth - 1,
        c_grad=3 * fourth - 1,
        c_cross=fourth - 1,
    )


def _gated(q: float, w: np.ndarray, z: np.ndarray, y2: np.ndarray, d2: np.ndarray) -> Moments:
    """A unit a * phi(b), a and b independent N(0, q): V = q V_phi, D = V_phi + q D_phi (product rule)."""
    v, d = float(w @ y2), float(w @ d2)
    v4, d4, cross = float(w @ (y2 * y2)), float(w @ (d2 * d2)), float(w @ (y2 * d2))
    tilt = w * (z * z - 1)
    rise_v, rise_d = float(tilt @ y2) / 2, float(tilt @ d2) / 2  # q times dV/dq and dD/dq of the gate
    V, D = q * v, v + q * d
    return Moments(
        q=q,
        V=V,
        M=0.0,
        D=D,
        elasticity=1 + rise_v / v,
        elasticity_d=(rise_v + q * (d + rise_d)) / D,
        c_phi=3 * v4 / v**2 - 1,
        c_grad=3 * (v4 + 2 * q * cross + 3 * q * q * d4) / D**2 - 1,
        c_cross=(q * v4 + 3 * q * q * cross) / (V * D) - 1,
    )


def log_v(f: Activation, log_q: float) -> float:
    """ln V at ln q; beyond +-EDGE by the power law that the map follows there, so that nothing under- or overflows."""
    if not math.isfinite(log_q):
        return _end(f, log_q)
    inside = min(max(log_q, -EDGE), EDGE)
    m = moments(f, math.exp(inside))
    if m.V == 0:
        return -math.inf
    return math.log(m.V) + (m.elasticity * (log_q - inside) if log_q != inside else 0.0)


def log_d(f: Activation, log_q: float) -> float:
    """ln D at ln q, continued in the same way."""
    if not math.isfinite(log_q):
        return _end(f, log_q, derivative=True)
    inside = min(max(log_q, -EDGE), EDGE)
    m = moments(f, math.exp(inside))
    if m.D == 0:
        return -math.inf
    return math.log(m.D) + (m.elasticity_d * (log_q - inside) if log_q != inside else 0.0)


def _end(f: Activation, log_q: float, derivative: bool = False) -> float:
    """The limit at q = 0 or infinity, read off the power law at the edge."""
    sign = math.copysign(1.0, log_q)
    near = (log_d if derivative else log_v)(f, sign * EDGE)
    far = (log_d if derivative else log_v)(f, 2 * sign * EDGE)
    if abs(far - near) < 1e-9:
        return near
    return math.copysign(math.inf, far - near) if math.isfinite(far) else far
