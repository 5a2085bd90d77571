"""What finite width does to a single network: the drift and the spread of ln q and of ln t about the mean field.

Given one layer's activations the next pre-activations are exactly Gaussian, so q^l of one input is a scalar Markov
chain, Q' = sw2 mean_i phi(sqrt(Q) z_i)^2 + sb2. Expanding ln Q' to second order gives a recursion for the mean shift m
and the variance v of ln Q, here carried on to the tangent power T and its covariance with Q (Hanin and Nica 2018 for
ReLU: variance 5 sum 1/n). A test that leaves out the mean shift -c L / (2 n) flags sound networks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from embcheck.propagation.theory.maps import EDGE, Moments, moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.theory.trajectory import Step, Trajectory

EXACT_BELOW = 128
"""Narrower than this the one-step moments of relu and linear are taken exactly, not to first order in 1/n."""


@dataclass(frozen=True)
class Spread:
    """Per layer: what one network of this width is expected to show, about `Trajectory`."""

    mean_q: tuple[float, ...]
    """E[ln Q] minus the mean field's."""
    var_q: tuple[float, ...]
    mean_t: tuple[float, ...]
    var_t: tuple[float, ...]
    mean_s: tuple[float, ...] = ()
    """Of the signal; empty where only the mean field is known of it."""
    var_s: tuple[float, ...] = ()


def spread(f: Activation, steps: Sequence[Step], path: Trajectory, orthogonal: bool = False) -> Spread:
    """The recursion along `path`. `steps[l].fan_in` is the number of units that feed layer l.

    Args:
        f: the activation.
        steps: one a layer, first layer first; its first entry only fixes the start.
        path: the mean-field trajectory of the same steps.
        orthogonal: weights drawn orthogonal: the norm's own fluctuation, 2 (d ln V / d ln q)^2 / n, is absent.
    """
    m, v, mt, vt, cov = 0.0, 0.0, 0.0, 0.0, 0.0
    rows = [(m, v, mt, vt)]
    for log_q, step in zip(path.log_q, steps[1:], strict=False):
        if not math.isfinite(log_q) or step.fan_in < 1:
            rows.append((math.nan,) * 4)
            m = v = mt = vt = cov = math.nan
            continue
        here = _moments(f, log_q)
        a, share = _response(f, step, log_q)
        b = here.elasticity_d
        bend_a, bend_b = _bends(f, step, log_q)
        noise, shift = _one_step(f, here, step.fan_in, orthogonal)
        noise_t, shift_t = _one_step_tangent(f, here, step.fan_in, orthogonal)
        cross = (here.c_cross - (2 * here.elasticity * b if orthogonal else 0.0)) / step.fan_in
        mt, vt = mt + b * m + 0.5 * bend_b * v + shift_t, vt + b * b * v + 2 * b * cov + noise_t
        cov = a * cov + a * b * v + share * cross
        # ln(share x + 1 - share) with x about 1: the mean of the logarithm moves by -share^2 var / 2
        m, v = a * m + 0.5 * bend_a * v + _shared(share, shift, noise), a * a * v + share * share * noise
        rows.append((m, v, mt, vt))
    return Spread(*(tuple(column) for column in zip(*rows, strict=True)))


def _shared(share: float, shift: float, noise: float) -> float:
    """Mean shift of ln(share e^x + 1 - share) for x of mean `shift` and variance `noise`."""
    return share * shift + 0.5 * share * (1 - share) * noise


def _moments(f: Activation, log_q: float) -> Moments:
    return moments(f, math.exp(min(max(log_q, -EDGE), EDGE)))


def _response(f: Activation, step: Step, log_q: float) -> tuple[float, float]:
    """(d ln q' / d ln q, the part of q' that the weights bring)."""
    m = _moments(f, log_q)
    brought = step.sigma_w2 * m.V
    share = brought / (brought + step.sigma_b2) if brought else 0.0
    return share * m.elasticity, share


def _bends(f: Activation, step: Step, log_q: float, eps: float = 0.02) -> tuple[float, float]:
    """Second derivatives of ln q' and ln D by ln q, as differences of the exact first ones."""
    up, down = _moments(f, log_q + eps), _moments(f, log_q - eps)
    first = _response(f, step, log_q + eps)[0] - _response(f, step, log_q - eps)[0]
    return first / (2 * eps), (up.elasticity_d - down.elasticity_d) / (2 * eps)


def _one_step(f: Activation, m: Moments, n: int, orthogonal: bool) -> tuple[float, float]:
    """(variance, mean shift) of ln mean_i phi(h_i)^2 / V over n units."""
    if n < EXACT_BELOW and f.slopes in {(1.0, 0.0), (1.0, 1.0)} and f.homogeneous and not orthogonal:
        return exact_step(f.slopes == (1.0, 1.0), n)
    c = m.c_phi - (2 * m.elasticity**2 if orthogonal else 0.0)
    return c / n, -c / (2 * n)


def _one_step_tangent(f: Activation, m: Moments, n: int, orthogonal: bool) -> tuple[float, float]:
    if n < EXACT_BELOW and f.slopes in {(1.0, 0.0), (1.0, 1.0)} and f.homogeneous and not orthogonal:
        return exact_step(f.slopes == (1.0, 1.0), n)
    c = m.c_grad - (2 + 2 * m.elasticity_d**2 if orthogonal else 0.0)
    return c / n, -c / (2 * n)


def exact_step(linear: bool, n: int) -> tuple[float, float]:
    """(variance, mean) of ln(mean_i phi(z_i)^2 / V): digamma and trigamma of a chi-square with K degrees of freedom.

    K = n for linear, Binomial(n, 1/2) given K > 0 for ReLU.
    """
    if linear:
        return float(polygamma(1, n / 2)), float(digamma(n / 2) - math.log(n / 2))
    k = np.arange(1, n + 1)
    log_p = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * math.log(2)
    p = np.exp(log_p) / -math.expm1(-n * math.log(2))
    mean_k = digamma(k / 2) + math.log(4 / n)
    mean = float(p @ mean_k)
    return float(p @ (polygamma(1, k / 2) + (mean_k - mean) ** 2)), mean
