"""Two inputs at once: how much of the difference between them one layer keeps.

The covariance map is C(q, c) = E[phi(u) phi(v)] with u, v ~ N(0, q) of correlation c (Poole et al. 2016, eq. 5). A
signal that dies does so as c -> 1, where V - C cancels to nothing in any precision; so the *gap* V - C is computed,
from delta = 1 - c, as half the mean square of phi(u) - phi(v).
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embcheck.propagation.theory.gaussian import OSCILLATION_END, ladder, legendre
from embcheck.propagation.theory.maps import moments

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation, Floats

REACH = 9.5
NODES = 10
PANEL = 1.9
LINEAR = 1e-10
"""Below this delta a kinked phi is its own tangent to better than 1e-5 (a smooth one to 1e-10): gap = q D delta."""


@lru_cache(maxsize=65536)
def gap(f: Activation, q: float, delta: float) -> float:
    """V(q) - C(q, 1 - delta) for 0 <= delta <= 1: about 1e-9 relative (1e-5 for a kinked phi at delta < 1e-10)."""
    if delta <= 0 or q <= 0:
        return 0.0
    if f.gated:
        inner = moments(_gate(f), q).V
        return q * (delta * inner + (1 - delta) * gap(_gate(f), q, delta))
    if f.slopes is not None:
        return _scale_free(f.slopes, q, delta)
    if f.oscillating and q > OSCILLATION_END:  # V - C = (1 - exp(-q delta)) / 2 there
        return gap(f, OSCILLATION_END, min(1.0, delta * q / OSCILLATION_END))
    if delta < (LINEAR if f.kinks else 1e-8 / max(1.0, q)) and not jumps(f):
        return q * moments(f, q).D * delta
    return _quadrature(f, q, delta)


@lru_cache(maxsize=64)
def _gate(f: Activation) -> Activation:
    return replace(f, name=f"{f.name}'s gate", gate=None)


@lru_cache(maxsize=64)
def jumps(f: Activation) -> bool:
    """Whether phi itself, not only phi', is discontinuous (hardshrink): then the gap falls as sqrt(delta)."""
    k = np.asarray(f.kinks)
    return bool(k.size and np.any(np.abs(f.phi(k + 1e-9) - f.phi(k - 1e-9)) > 1e-6))


def _scale_free(slopes: tuple[float, float], q: float, delta: float) -> float:
    """Arc-cosine kernel of order 1 (Cho and Saul 2009), written for small angles: phi = even |h| + odd h."""
    odd, even = (slopes[0] + slopes[1]) / 2, (slopes[0] - slopes[1]) / 2
    angle = 2 * math.asin(math.sqrt(delta / 2))
    if angle < 0.3:
        s = angle * angle
        excess = -angle * s * (1 / 3 - s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s / 3991680))))
    else:
        excess = angle * math.cos(angle) - math.sin(angle)
    return q * (odd**2 * delta + even**2 * (delta + 2 / math.pi * excess))


def _quadrature(f: Activation, q: float, delta: float) -> float:
    """Over half-sum x and half-difference d of the two pre-activations, split where either meets a kink."""
    root = math.sqrt(q)
    along, across = root * math.sqrt(1 - delta / 2), root * math.sqrt(delta / 2)
    steps, kinks = ladder(root, f.oscillating), np.asarray(f.kinks)
    ends = np.concatenate([steps, kinks])
    meet = np.abs(np.subtract.outer(kinks, kinks)).ravel() / 2
    b, wb = _panels(np.concatenate([_even(0.0), meet / across, steps / across]))
    total = 0.0
    for part in np.array_split(np.arange(b.size), max(1, b.size // 256)):
        d = across * b[part, None]
        fixed = np.broadcast_to(_even(-REACH), (part.size, _even(-REACH).size))
        moving = np.concatenate([(ends - d) / along, (ends + d) / along], axis=1)
        edges = np.sort(np.clip(np.concatenate([fixed, moving], axis=1), -REACH, REACH), axis=1)
        x, w = legendre(NODES)
        half = 0.5 * np.diff(edges, axis=1)[:, :, None]
        a = 0.5 * (edges[:, 1:] + edges[:, :-1])[:, :, None] + half * x
        weights = half * w * np.exp(-0.5 * a * a)
        h = along * a
        difference = f.phi(h + d[:, :, None]) - f.phi(h - d[:, :, None])
        total += float(wb[part] @ np.einsum("ijk,ijk->i", weights, difference * difference))
    return total / (2 * math.pi)


def _even(start: float) -> Floats:
    return np.linspace(start, REACH, round((REACH - start) / PANEL) + 1)


def _panels(edges: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights (density without its constant included) on the panels of [0, REACH]."""
    edges = np.unique(np.clip(edges, 0.0, REACH))
    x, w = legendre(NODES)
    half = 0.5 * np.diff(edges)[:, None]
    b = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel()
    return b, (half * w).ravel() * np.exp(-0.5 * b * b)
