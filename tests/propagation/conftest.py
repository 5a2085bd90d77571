"""Small networks, measured once, and the critical points of the theory, solved for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import torch

from embcheck.propagation.measured.plan import Plan
from embcheck.propagation.measured.sweep import sweep
from embcheck.propagation.request import configurations
from embcheck.propagation.theory.fixed_points import root
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.theory.trajectory import log_gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.theory.activation import Activation


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def measured() -> Callable[..., NetworkRecord]:
    """`measured(depth=..., width=..., seeds=..., ...)`: the record of one configuration."""

    def measured(
        seeds: int = 4, seed: int = 0, limit: float = 6.0, exact: bool = False, **wanted: Any
    ) -> NetworkRecord:
        plan = {k: wanted.pop(k) for k in ("inputs",) if k in wanted}
        ((_, _, record),) = sweep(
            configurations(**wanted), Plan(seeds=seeds, seed=seed, limit=limit, exact=exact, **plan)
        )
        return record

    return measured


@pytest.fixture
def correlation_limit() -> Callable[..., float]:
    """`correlation_limit(activation, sigma_w2, q)`."""
    return _correlation_limit


@pytest.fixture
def edge_of_chaos() -> Callable[..., tuple[Critical, ...]]:
    """`edge_of_chaos(activation, sigma_b2)`."""
    return _edge_of_chaos


@pytest.fixture
def double_critical() -> Callable[..., tuple[Critical, ...]]:
    """`double_critical(activation)`."""
    return _double_critical


def _correlation_limit(f: Activation, sigma_w2: float, q: float, layers: int = 2000) -> float:
    """c*: the correlation that two inputs, uncorrelated at first, tend to while q stays at its fixed point.

    Approached exponentially, except on the edge of chaos, where 1 - c falls as a power of the depth.
    """
    log_delta = 0.0
    for _ in range(layers):
        following = math.log(sigma_w2) + log_gap(f, math.log(q), log_delta) - math.log(q)
        if abs(following - log_delta) < 1e-14 or following < -60:
            log_delta = following
            break
        log_delta = following
    return -math.expm1(log_delta)


@dataclass(frozen=True)
class Critical:
    """A point on the edge of chaos: chi_1 = 1."""

    sigma_w2: float
    sigma_b2: float
    q: float
    chi_q: float
    """Above 1 the fixed point repels: the edge is there on paper only."""


def _edge_of_chaos(f: Activation, sigma_b2: float) -> tuple[Critical, ...]:
    """Every (sw2, q*) with chi_1 = 1 at this bias variance: roots of q - V/D = sb2, lowest q first."""

    def excess(log_q: float) -> float:
        m = moments(f, math.exp(log_q))
        return m.q - m.V / m.D - sigma_b2 if m.D > 0 else math.nan

    return tuple(_critical(f, x) for x in _roots(excess))


def _double_critical(f: Activation) -> tuple[Critical, ...]:
    """Every point with chi_1 = chi_q = 1 and sb2 >= 0 (Roberts, Yaida and Hanin 2022, chapter 5)."""

    def difference(log_q: float) -> float:
        m = moments(f, math.exp(log_q))
        return m.slope / m.D - 1 if m.D > 0 else math.nan

    return tuple(c for c in (_critical(f, x) for x in _roots(difference)) if c.sigma_b2 > -1e-9)


def _critical(f: Activation, log_q: float) -> Critical:
    m = moments(f, math.exp(log_q))
    return Critical(1 / m.D, m.q - m.V / m.D, m.q, m.slope / m.D)


def _roots(g: Callable[[float], float], low: float = math.log(1e-4), high: float = math.log(1e5)) -> list[float]:
    count = round((high - low) / 0.1)
    grid = [low + (high - low) * i / count for i in range(count + 1)]
    values = [g(x) for x in grid]
    return [
        root(g, grid[i], grid[i + 1])
        for i in range(count)
        if values[i] * values[i + 1] < 0 and max(abs(values[i]), abs(values[i + 1])) > 1e-9
    ]
