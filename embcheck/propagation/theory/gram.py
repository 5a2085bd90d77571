"""Networks without weights: the exact law of what Gaussian weights do to a few inputs and tangents.

Given the m vectors that enter a layer, its m products with a Gaussian matrix are Gaussian with the covariance of their
Gram matrix, Z = [inputs; tangents], G = sw2 Z Z' / n, so that H = chol(G) N with N of m x n normals has exactly the law
of Z W' while no weight is drawn: O(m n) instead of O(n^2) a layer. It is theory (it samples the law that was stated,
not what an initializer does), at any width, where the recursion of `finite_width` is of first order in 1/n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation, Floats
    from embcheck.propagation.theory.trajectory import Step

JITTER = 1e-12
"""Added to the diagonal of a correlation matrix whose rows have grown alike."""
LEAST_SHARE = 1e-9
"""Below this s/q differences of inputs are rounding noise, and the tangents tell the signal."""
FAR = 1e30
"""A forward signal beyond it (or below its inverse) is rescaled where phi is scale-free; else it is left to doubles."""
NETWORKS, INPUTS = 128, 16


@dataclass(frozen=True)
class Sample:
    """Natural logarithms as `measure.Reading` has them, [networks, layers]; ln s is NaN for a single input."""

    log_q: Floats
    log_s: Floats
    log_t: Floats


def sample_networks(
    f: Activation,
    steps: Sequence[Step],
    *,
    seed: int,
    q0: float = 1.0,
    networks: int = NETWORKS,
    inputs: int = INPUTS,
) -> Sample:
    """Second moment, signal and tangent power of `networks` independent networks, without their weights.

    Args:
        f: the activation.
        steps: one a layer, with its fans.
        seed: of numpy's generator.
        q0: second moment of the inputs, which are independent Gaussians.
        networks: how many.
        inputs: of each network; as many tangents.
    """
    rng = np.random.default_rng(seed)
    free = f.homogeneous and all(step.sigma_b2 == 0 for step in steps)
    x = rng.standard_normal((networks, inputs, steps[0].fan_in)) * math.sqrt(q0)
    t = np.zeros((networks, inputs, 0))
    log_x, log_t = np.zeros(networks), np.zeros((networks, inputs))
    rows: list[tuple[Floats, Floats, Floats]] = []
    for layer, step in enumerate(steps):
        out = step.fan_out * (2 if f.gated else 1)
        if layer == 0:
            h = _products(rng, x, inputs, step, out)
            t = rng.standard_normal((networks, inputs, out))
            t /= np.sqrt(np.square(t).mean(axis=2, keepdims=True))
        else:
            both = _products(rng, np.concatenate([x, t], axis=1), inputs, step, out)
            h, t = both[:, :inputs], both[:, inputs:]
            size = np.sqrt(np.square(t).mean(axis=2))
            with np.errstate(divide="ignore", invalid="ignore"):
                log_t = log_t + 2 * np.log(size)
                t = np.where(size[:, :, None] > 0, t / size[:, :, None], 0.0)
        rows.append(_read(h, log_x, log_t, rows[-1] if rows else None))
        x, t = _pass_on(f, h, t)
        if free:
            size = np.sqrt(np.square(x).mean(axis=(1, 2)))
            scale = np.where((size > FAR) | ((size < 1 / FAR) & (size > 0)), size, 1.0)
            x, log_x = x / scale[:, None, None], log_x + 2 * np.log(scale)
    q, s, p = (np.stack(column, axis=1) for column in zip(*rows, strict=True))
    return Sample(q, s, p)


def _products(rng: np.random.Generator, z: Floats, inputs: int, step: Step, out: int) -> Floats:
    """Of the rows of `z` with Gaussian weights, and one Gaussian bias on the first `inputs` of them."""
    gram = step.sigma_w2 * (z @ z.transpose(0, 2, 1)) / z.shape[2]
    gram[:, :inputs, :inputs] += step.sigma_b2
    size = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    safe = np.where(size > 0, size, 1.0)
    alike = gram / safe[:, :, None] / safe[:, None, :]
    diagonal = np.arange(z.shape[1])
    alike[:, diagonal, diagonal] = 1 + JITTER * z.shape[1]
    root = np.linalg.cholesky(alike)
    return np.asarray(size[:, :, None] * (root @ rng.standard_normal((*z.shape[:2], out))))


def _read(
    h: Floats, log_x: Floats, log_t: Floats, last: tuple[Floats, Floats, Floats] | None
) -> tuple[Floats, Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.square(h).mean(axis=2)
        q = np.log(power).mean(axis=1) + log_x
        spread = h.var(axis=1, ddof=1).mean(axis=1) if h.shape[1] > 1 else np.full(len(h), math.nan)
        t = log_t.mean(axis=1)
        s = np.log(spread) + log_x
        if last is not None and h.shape[1] > 1:
            s = np.where(spread > LEAST_SHARE * power.mean(axis=1), s, last[1] + t - last[2])
    return q, s, t


def _pass_on(f: Activation, h: Floats, t: Floats) -> tuple[Floats, Floats]:
    if not f.gated:
        return f.phi(h), f.derivative(h) * t
    value, gate = np.split(h, 2, axis=2)
    rate, turn = np.split(t, 2, axis=2)
    y = f.phi(gate)
    return value * y, rate * y + value * f.derivative(gate) * turn
