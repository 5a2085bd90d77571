"""The distance between two tensors against scipy's, and its p-value against enumeration."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from embcheck.stats import small
from embcheck.stats.ks.lattice import two_sample_p_value
from embcheck.stats.ks.one_sample import two_sample

values = st.lists(
    st.one_of(st.sampled_from([0.0, -0.0, 1e-45, math.inf, -math.inf]), st.floats(width=32, allow_nan=False)),
    min_size=1,
    max_size=30,
)


def assert_as_scipy(x: torch.Tensor, y: torch.Tensor) -> None:
    a, b = x.double().numpy().ravel(), y.double().numpy().ravel()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = stats.ks_2samp(a, b, method="asymp")
    got = two_sample(x, y)
    assert got.d == pytest.approx(want.statistic, abs=1e-12)
    # where several places are as far apart, scipy takes the first of the input and embcheck the lowest
    there = (a <= got.location).mean() - (b <= got.location).mean()
    assert got.sign * there == pytest.approx(got.d, abs=1e-12)
    if got.d > 0:
        assert got.sign == want.statistic_sign
        assert got.location == want.statistic_location or a.size < 100


@given(values, values)
@settings(max_examples=150, deadline=None)
def test_small_samples_are_as_scipy_has_them(a: list[float], b: list[float]) -> None:
    assert_as_scipy(torch.tensor(a, dtype=torch.float32), torch.tensor(b, dtype=torch.float32))


@given(values, values)
@settings(max_examples=40, deadline=None)
def test_counting_gives_what_sorting_gives(a: list[float], b: list[float]) -> None:
    x, y = torch.tensor(a, dtype=torch.float32), torch.tensor(b, dtype=torch.float32)
    sorting = two_sample(x, y)
    counting = two_sample(lambda: [x], lambda: iter(y.split(3)))
    assert counting == sorting


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16], ids=str)
def test_large_samples(dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small, "SORTED", 0)
    g = torch.Generator().manual_seed(0)
    assert_as_scipy(
        (torch.randn(300_000, generator=g) * 0.02).to(dtype), (torch.randn(200_000, generator=g) * 0.0202).to(dtype)
    )
    assert_as_scipy(
        torch.relu(torch.randn(50_000, generator=g)).to(dtype), torch.relu(torch.randn(60_000, generator=g)).to(dtype)
    )


def test_dtypes_may_differ_and_nan_are_left_out() -> None:
    g = torch.Generator().manual_seed(1)
    x, y = torch.randn(5000, generator=g), torch.randn(4000, generator=g)
    y16 = y.bfloat16()
    assert two_sample(x, y16).d == pytest.approx(stats.ks_2samp(x.numpy(), y16.float().numpy()).statistic, abs=1e-12)
    holes = torch.cat([x, torch.full((100,), math.nan)])
    assert two_sample(holes, y).d == two_sample(x, y).d


def test_nothing_to_compare() -> None:
    for pair in ((torch.empty(0), torch.ones(3)), (torch.full((3,), math.nan), torch.ones(3))):
        got = two_sample(*pair)
        assert (got.d, got.n, got.sign, got.p_value) == (0.0, 0, 0, 1.0)
    same = two_sample(torch.ones(5), torch.ones(7))
    assert (same.d, same.p_value) == (0.0, 1.0)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 3), (4, 4), (3, 6), (5, 7)])
def test_p_values_by_enumerating_every_order(m: int, n: int) -> None:
    distances = []
    for first in itertools.combinations(range(m + n), m):
        steps = np.full(m + n, -1 / n)
        steps[list(first)] = 1 / m
        distances.append(np.abs(np.cumsum(steps)).max())
    for d in np.unique(np.round(distances, 12)):
        want = np.mean(np.array(distances) >= d - 1e-9)
        assert two_sample_p_value(float(d), m, n) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize(("m", "n"), [(50, 80), (300, 300), (400, 100)])
def test_p_values_agree_with_scipys_exact_ones(m: int, n: int) -> None:
    g = np.random.default_rng(2)
    for shift in (0.0, 0.2, 0.5):
        x, y = g.standard_normal(m), g.standard_normal(n) + shift
        want = stats.ks_2samp(x, y, method="exact")
        assert two_sample(torch.from_numpy(x), torch.from_numpy(y)).p_value == pytest.approx(want.pvalue, rel=1e-9)


def test_large_samples_p_values_meet_the_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    from embcheck.stats.ks import lattice

    for m, n in ((1200, 700), (1500, 750)):
        step = math.gcd(m, n) / (m * n)
        for d in (round(near / step) * step for near in (0.03, 0.06, 0.08, 0.1)):
            exact = two_sample_p_value(d, m, n)
            with monkeypatch.context() as patch:
                patch.setattr(lattice, "_WORK", 0)
                assert two_sample_p_value(d, m, n) == pytest.approx(exact, rel=0.05)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_agrees_with_the_host() -> None:
    g = torch.Generator().manual_seed(3)
    x, y = torch.randn(200_000, generator=g), torch.randn(100_000, generator=g)
    assert two_sample(x.cuda(), y.cuda()) == two_sample(x, y)
