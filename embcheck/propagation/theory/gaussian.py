"""Expectations over a standard normal, by Gauss-Legendre quadrature split where the integrand is not smooth.

Gauss-Hermite is the usual choice and is wrong for kinked functions: 128 nodes miss hardtanh's second moment by 0.5 to
0.9 percent, tanh's at q = 25 by 0.45 percent. Composite Gauss-Legendre with panels that end at the kinks is exact to
rounding (relative error below 1e-15 against 30-digit mpmath).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Floats, Function

REACH = 14.0
"""Beyond |z| = 14 the normal density is below 1e-43: nothing that double precision can see."""
NODES = 24


@lru_cache(maxsize=8)
def legendre(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights on [-1, 1]."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    return np.asarray(x, dtype=np.float64), np.asarray(w, dtype=np.float64)


OSCILLATION_END = 400.0
"""At this q a sine's Gaussian moments have reached their limit to e^-800; its panels need not follow further."""


def ladder(root: float, oscillating: bool = False) -> Floats:
    """Where panels must end, in units of h, once h varies fast: geometrically outward from 0.

    At root = sqrt(q) > 1 one unit of z spans many units of h, and a transition near h = 0 (tanh's poles sit at
    h = +-i pi/2) would fall inside one panel; panels that triple in width keep every pole at a fixed relative distance.
    """
    if root <= 1:
        return np.zeros(0)
    if oscillating:
        count = math.ceil(REACH * root / 3)
        return np.linspace(-3.0 * count, 3.0 * count, 2 * count + 1)
    count = 1 + math.ceil(math.log(REACH * root, 3))
    steps = np.power(3.0, np.arange(count, dtype=np.float64))
    return np.concatenate([-steps[::-1], np.zeros(1), steps])


@lru_cache(maxsize=4096)
def rule(q: float, kinks: tuple[float, ...], oscillating: bool = False) -> tuple[Floats, Floats]:
    """Nodes z and weights (density included) for E[f(sqrt(q) z)], f smooth between its kinks in h."""
    root = math.sqrt(q)
    ends = np.concatenate([ladder(root, oscillating), kinks]) / root if root > 0 else np.zeros(0)
    ends = ends[np.abs(ends) < REACH]
    edges = np.unique(np.concatenate([np.arange(-REACH, REACH + 0.5), ends]))
    x, w = legendre(NODES)
    half = 0.5 * np.diff(edges)[:, None]
    z = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel()
    weights = (half * w).ravel() * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return z, weights


def expectation(f: Function, q: float, kinks: tuple[float, ...] = (), oscillating: bool = False) -> float:
    """E[f(sqrt(q) z)] with z ~ N(0, 1)."""
    z, w = rule(q, kinks, oscillating)
    return float(w @ f(math.sqrt(q) * z))
