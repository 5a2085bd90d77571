"""The equivalence test on made-up totals, and its error rates on simulated ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from embcheck.propagation.record import Channel
from embcheck.propagation.verdict import judge


def channel(*totals: float, **kwargs) -> Channel:
    return Channel("forward", totals, **kwargs)


@pytest.mark.parametrize(
    ("totals", "label"),
    [((0.1, -0.2, 0.3), "stable"), ((8.0, 8.5, 9.0), "exploding"), ((-20.0, -21.0, -19.0), "vanishing"),
     ((5.0, 7.0, 6.0), "inconclusive"), ((-9.0, 9.0, 0.0), "inconclusive"),
     ((math.inf, math.inf), "exploding"), ((-math.inf, 3.0), "vanishing"), ((math.nan, 1.0), "inconclusive")],
)  # fmt: skip
def test_labels(totals: tuple[float, ...], label: str) -> None:
    assert judge(channel(*totals)).label == label


def test_the_interval_is_students() -> None:
    totals = (1.0, 2.5, 0.2, 3.1)
    found = judge(channel(*totals))
    low, high = stats.t.interval(0.95, 3, loc=np.mean(totals), scale=stats.sem(totals))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_fewer_than_three_seeds_take_theorys_variance() -> None:
    found = judge(channel(1.0, 2.0, sd=0.8))
    assert found.high - found.mean == pytest.approx(1.959964 * 0.8 / math.sqrt(2), rel=1e-6)
    none = judge(channel(1.0))
    assert none.label == "inconclusive"
    assert none.needs == 3


def test_the_seeds_it_asks_for_are_enough() -> None:
    totals = (5.0, 7.0, 5.5, 4.5)
    found = judge(channel(*totals))
    assert found.label == "inconclusive"
    n, sd = found.needs, float(np.std(totals, ddof=1))
    assert n is not None
    assert stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n) <= 6 - 5.5
    assert stats.t.ppf(0.975, n - 2) * sd / math.sqrt(n - 1) > 6 - 5.5


def test_on_the_limit_no_number_is_enough() -> None:
    assert judge(channel(5.0, 7.0, 6.0)).needs is None


def test_limits_are_the_users() -> None:
    assert judge(channel(3.0, 3.1, 3.2)).label == "stable"
    assert judge(channel(3.0, 3.1, 3.2), limit=2.0).label == "exploding"
    assert judge(channel(-15.0, -17.0, -16.0)).severe
    assert not judge(channel(-14.0, -14.1, -14.2)).severe


@pytest.mark.parametrize(
    ("profile", "shape"),
    [
        ([-0.7 * k for k in range(50)], "exponential"),
        ([-2 * math.log(k + 1) for k in range(50)], "algebraic"),
        ([-math.log(k + 1) for k in range(100)], "algebraic"),
        ([2 * math.exp(-k / 3) - 2 for k in range(50)], "settling"),
        ([0.001 * k for k in range(50)], "flat"),
        ([0.07 * k for k in range(20)], "exponential"),
    ],
)
def test_shapes(profile: list[float], shape: str) -> None:
    assert judge(channel(0.0, 0.1, 0.2, profile=tuple(profile))).shape == shape


def test_drift_is_a_z_test_with_theorys_mean_and_variance() -> None:
    found = judge(channel(3.0, 4.0, 5.0, 4.0, sd=1.0, shift=-0.5, scale_free=True))
    assert found.drift == pytest.approx(4.5 * 2)
    assert found.drift_p == pytest.approx(2 * stats.norm.sf(9.0))
    assert judge(channel(3.0, 4.0, sd=1.0, shift=-0.5)).drift is None


def test_error_rates_on_normal_totals() -> None:
    """At the limit itself the wrong side is called in 2.5% of runs, from 3 seeds on."""
    rng = np.random.default_rng(7)
    runs = 1200
    for seeds in (3, 4, 8):
        totals = rng.normal(6.0, 1.0, (runs, seeds))
        called = sum(judge(channel(*row)).label == "exploding" for row in totals)
        assert abs(called / runs - 0.025) < 4 * math.sqrt(0.025 * 0.975 / runs)
