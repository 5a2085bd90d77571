"""The exact distance from a law against scipy's kstest on the float64 values, however it is found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.law import Law
from embcheck.stats import passes, small
from embcheck.stats.ks import counting as passes_that_count
from embcheck.stats.ks import gathering
from embcheck.stats.ks.one_sample import KS, kolmogorov
from embcheck.stats.summary import summarize

values32 = st.lists(
    st.one_of(
        st.sampled_from([0.0, -0.0, 1e-45, -1e-45, 1e-39, 0.5, 1.0, 3e38, -3e38, math.inf, -math.inf]),
        st.floats(width=32, allow_nan=False),
        st.floats(-3, 3, width=32),
    ),
    min_size=1,
    max_size=40,
)
LAWS = [Normal(0, 1), Normal(0.3, 2), Uniform(-1, 1), Normal(0, 1e-30), Uniform(0, 1e30)]


def assert_as_scipy(x: torch.Tensor, law: Law, got: KS) -> None:
    y = x.double().numpy().ravel()
    y = np.sort(y[~np.isnan(y)])
    with np.errstate(over="ignore"):
        want = stats.kstest(y, law.cdf)
        f = law.cdf(np.array([got.location]))[0]
    assert got.n == y.size
    assert got.d == pytest.approx(want.statistic, abs=1e-12)
    # the location attains the distance with the sign given, and is scipy's unless another is as far to 1e-12
    there = (y <= got.location).mean() - f if got.sign > 0 else f - (y < got.location).mean()
    assert there == pytest.approx(got.d, abs=1e-12)
    assert got.location in y
    if got.location != want.statistic_location or got.sign != want.statistic_sign:
        with np.errstate(over="ignore"):
            cdf = law.cdf(y)
        gaps = np.concatenate([np.arange(1, y.size + 1) / y.size - cdf, cdf - np.arange(y.size) / y.size])
        assert (gaps >= got.d - 1e-12).sum() > 1


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is small enough to be sorted outright."""
    monkeypatch.setattr(small, "SORTED", 0)


@given(values32, st.sampled_from(LAWS))
@settings(max_examples=200, deadline=None)
def test_sorting_small_tensors(values: list[float], law: Law) -> None:
    x = torch.tensor(values, dtype=torch.float32)
    assert_as_scipy(x, law, kolmogorov(x, law))


@given(values32, st.sampled_from(LAWS), st.integers(1, 9), st.sampled_from([torch.float32, torch.float64]))
@settings(max_examples=150, deadline=None)
def test_counting_parts(values: list[float], law: Law, size: int, dtype: torch.dtype) -> None:
    x = torch.tensor(values, dtype=dtype)
    assert_as_scipy(x, law, kolmogorov(lambda: x.split(size), law))


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=40), st.sampled_from(LAWS[:3]))
@settings(max_examples=100, deadline=None)
def test_float64(values: list[float], law: Law) -> None:
    x = torch.tensor(values, dtype=torch.float64)
    got = kolmogorov(x, law)
    assert_as_scipy(x, law, got)
    assert got.p_value == pytest.approx(stats.kstwo.sf(got.d, got.n), rel=1e-8, abs=1e-12)


DRAWS = {
    "sound": lambda g, n: torch.randn(n, generator=g) * 0.02,
    "too wide": lambda g, n: torch.randn(n, generator=g) * 20,
    "too narrow": lambda g, n: torch.randn(n, generator=g) * 1e-6,
    "constant": lambda g, n: torch.zeros(n) + 0.01,
    "half zero": lambda g, n: torch.relu(torch.randn(n, generator=g)) * 0.02,
    "two values": lambda g, n: torch.where(torch.rand(n, generator=g) < 0.5, -0.02, 0.02),
    "coarse": lambda g, n: (torch.randn(n, generator=g) * 0.02).bfloat16().float(),
    "heavy tails": lambda g, n: torch.randn(n, generator=g) / torch.randn(n, generator=g) * 0.01,
    "many scales": lambda g, n: 10 ** (torch.rand(n, generator=g) * 70 - 38),
    "specials": lambda g, n: torch.tensor([math.inf, -math.inf, 0.0, -0.0, 1e-45, 0.01, math.nan]).repeat(n // 7 + 1),
}


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.usefixtures("counting")
def test_counting_large_tensors(draw: str, dtype: torch.dtype) -> None:
    x = DRAWS[draw](torch.Generator().manual_seed(0), 150_000).to(dtype)
    for law in (Normal(0, 0.02), Uniform(-0.06, 0.06)):
        got = kolmogorov(x, law)
        assert_as_scipy(x, law, got)
        assert kolmogorov(x, law, summarize(x)) == got


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.usefixtures("counting")
def test_values_too_many_to_hold_are_counted_again(draw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_BYTES", 4000)
    x = DRAWS[draw](torch.Generator().manual_seed(1), 100_000)
    assert_as_scipy(x, Normal(0, 0.02), kolmogorov(x, Normal(0, 0.02)))


@pytest.mark.usefixtures("counting")
def test_a_mean_far_from_zero() -> None:
    g = torch.Generator().manual_seed(2)
    for law in (Normal(1000, 1e-3), Normal(-1, 1e-9)):
        x = torch.randn(100_000, dtype=torch.float64, generator=g) * law.std + law.mean
        assert_as_scipy(x, law, kolmogorov(x, law))
    x = torch.randn(100_000, generator=g) * 1e-5 + 1
    assert_as_scipy(x, Normal(1, 1e-5), kolmogorov(x, Normal(1, 1e-5)))


@pytest.mark.usefixtures("counting")
def test_counts_that_would_overflow_32_bits_are_settled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.randn(300_000, generator=torch.Generator().manual_seed(3))
    want = kolmogorov(x, Normal(0, 1))
    monkeypatch.setattr(passes_that_count, "_MOST", 1000)
    monkeypatch.setattr(passes_that_count, "CHUNK_BYTES", 4000)
    assert kolmogorov(x, Normal(0, 1)) == want
    assert_as_scipy(x, Normal(0, 1), want)


def test_threads_and_strides_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "_ALONE", 1000)
    x = torch.randn(700, 900, generator=torch.Generator().manual_seed(3))
    law = Normal(0, 1)
    want = kolmogorov(x, law)
    assert kolmogorov(x.T, law) == want
    before = torch.get_num_threads()
    try:
        for threads in (1, 3):
            torch.set_num_threads(threads)
            assert kolmogorov(x, law) == want
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert_as_scipy(x[::2, 1::3], law, kolmogorov(x[::2, 1::3], law))


@dataclass(frozen=True)
class Dropped(Law):
    """N(0, 1) with probability 1 - p, else exactly 0: an atom."""

    p: float = 0.25

    def __str__(self) -> str:
        return "dropped"

    def cdf(self, x):
        return (1 - self.p) * stats.norm.cdf(x) + self.p * (np.asarray(x) >= 0)

    def cdf_left(self, x):
        return (1 - self.p) * stats.norm.cdf(x) + self.p * (np.asarray(x) > 0)

    def ppf(self, q):
        return stats.norm.ppf(q)


@pytest.mark.parametrize("sort", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_atoms(sort: bool, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sort:
        monkeypatch.setattr(small, "SORTED", 0)
    g = torch.Generator().manual_seed(4)
    x = torch.randn(40_000, generator=g, dtype=torch.float64)
    x[torch.rand(40_000, generator=g) < share] = 0.0
    law = Dropped()
    got = kolmogorov(x, law)
    # the definition, at and just before every sample
    values = np.sort(x.numpy())
    n = values.size
    above = np.searchsorted(values, values, side="right") / n - law.cdf(values)
    below = law.cdf_left(values) - np.searchsorted(values, values, side="left") / n
    assert got.d == pytest.approx(max(above.max(), below.max()), abs=1e-12)
    assert got.sign == (1 if above.max() > below.max() else -1)
    if share == 0.25:
        assert got.p_value > 1e-3  # scipy, which knows no left limit, rejects these sound draws


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float8_e4m3fn], ids=str)
def test_nearly_nothing(n: int, dtype: torch.dtype) -> None:
    x = torch.tensor([0.25, -2.0][:n]).to(dtype)
    for source in (x, lambda: [x]):
        got = kolmogorov(source, Normal(0, 1))
        assert got.n == n
        if n == 0:
            assert (got.d, got.sign, got.p_value) == (0.0, 0, 1.0)
            assert math.isnan(got.location)
        elif dtype.itemsize > 2:
            assert got.d == pytest.approx(stats.kstest(x.numpy(), "norm").statistic, abs=1e-12)


def test_only_nan_and_no_parts() -> None:
    assert kolmogorov(torch.full((5,), math.nan), Normal(0, 1)).n == 0
    assert kolmogorov(list, Normal(0, 1)).p_value == 1.0
    assert kolmogorov(lambda: [torch.full((5,), math.nan)], Normal(0, 1)).n == 0


def test_integers_are_compared_with_the_law_itself() -> None:
    x = torch.randint(0, 100, (20_000,), generator=torch.Generator().manual_seed(5))
    for kind in (torch.uint8, torch.int16, torch.int64):
        want = stats.kstest(x.numpy().astype(float), Uniform(0, 100).cdf).statistic
        assert kolmogorov(x.to(kind), Uniform(0, 100)).d == pytest.approx(want, abs=1e-12)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float8_e4m3fn, torch.float8_e5m2], ids=str)
def test_rounded_draws_are_at_most_as_far_as_they_were_before_rounding(dtype: torch.dtype) -> None:
    law = Normal(0, 0.02)
    for seed in range(5):
        x = torch.randn(30_000, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 0.02
        got = kolmogorov(x.to(dtype), law)
        assert got.d <= kolmogorov(x, law).d + 1e-12
        assert got.p_value >= kolmogorov(x, law).p_value - 1e-12


def test_the_band_of_faithful_roundings_by_its_definition() -> None:
    law = Normal(0, 0.02)
    x = (torch.randn(3000, generator=torch.Generator().manual_seed(6)) * 0.021).bfloat16()
    every = torch.arange(65536).to(torch.int16).view(torch.bfloat16).double().numpy()
    every = np.unique(every[np.isfinite(every)])  # -0 and 0 are one
    y = np.sort(x.double().numpy())
    empirical = np.searchsorted(y, every, side="right") / y.size
    following = np.append(every[1:], np.inf)
    far = np.maximum(empirical - law.cdf(following), law.cdf(every) - empirical)
    assert kolmogorov(x, law).d == pytest.approx(max(far.max(), 0.0), abs=1e-12)


def test_sound_bf16_draws_pass_where_the_continuous_law_rejects_them() -> None:
    draws = torch.randn(6_000_000, generator=torch.Generator().manual_seed(7))
    law = Normal(0, 0.02)
    x = (draws * 0.02).bfloat16()
    assert kolmogorov(x, law).p_value > 0.01
    assert kolmogorov(x.float(), law).p_value < 1e-3
    assert kolmogorov((draws * 0.0204).bfloat16(), law).p_value < 1e-3


def test_float32_values_next_to_one_are_not_blamed_for_their_spacing() -> None:
    # 1.2e-7 apart at a standard deviation of 1e-6: every value carries 5% of the draws
    x = 1 + torch.randn(20_000, generator=torch.Generator().manual_seed(8)) * 1e-6
    assert stats.kstest(x.double().numpy(), Normal(1, 1e-6).cdf).pvalue < 1e-6
    assert kolmogorov(x, Normal(1, 1e-6)).p_value > 1e-3


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("draw", DRAWS)
def test_cuda_agrees_with_the_host(draw: str) -> None:
    x = DRAWS[draw](torch.Generator().manual_seed(9), 150_000)
    for y in (x, x.double(), x.bfloat16()):
        assert kolmogorov(y.cuda(), Normal(0, 0.02)) == kolmogorov(y, Normal(0, 0.02))
