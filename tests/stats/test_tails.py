from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.stats.summary import summarize
from embcheck.stats.tails import binomial_cdf, binomial_sf, tail_counts


@pytest.mark.parametrize(
    ("k", "n", "p"), [(0, 10, 0.3), (3, 10, 0.3), (10, 10, 0.3), (5, 10**6, 1e-5), (40, 10**6, 1e-5)]
)
def test_binomial_tails_equal_scipys(k, n, p) -> None:
    assert binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), rel=1e-9)
    assert binomial_sf(k, n, p) == pytest.approx(stats.binom.sf(k - 1, n, p), rel=1e-9)


def test_binomial_at_the_ends() -> None:
    assert binomial_cdf(0, 5, 0.0) == binomial_sf(0, 5, 0.5) == binomial_sf(5, 5, 1.0) == 1
    assert binomial_cdf(0, 5, 1.0) == binomial_sf(1, 5, 0.0) == 0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("law", [Normal(0.0, 0.02), Uniform(-0.1, 0.3)])
def test_counts_equal_a_direct_count(dtype, law) -> None:
    generator = torch.Generator().manual_seed(0)
    q = torch.rand(50_000, generator=generator, dtype=torch.float64).numpy()
    x = torch.from_numpy(np.asarray(law.ppf(q))).to(dtype)
    counts = tail_counts(summarize(x), law)
    assert len(counts) == 2
    for count, expected in zip(counts, (16, 256), strict=True):
        wide = x.double()
        assert count.outside == int(((wide < count.low) | (wide > count.high)).sum())
        assert count.n == 50_000
        assert expected <= count.most * 50_000  # a threshold lies inside the quantile, never outside
        assert count.least <= count.most
        assert min(count.p_few, count.p_many) > 1e-4


def test_probability_outside_is_the_laws() -> None:
    count = tail_counts(summarize(torch.randn(4096, dtype=torch.float64)), Normal(0.0, 1.0))[0]
    assert count.most == pytest.approx(stats.norm.cdf(count.low) + stats.norm.sf(count.high), rel=1e-9)
    assert count.least == pytest.approx(count.most, rel=1e-9)


def test_few_draws_have_no_tails() -> None:
    assert tail_counts(summarize(torch.randn(60)), Normal(0.0, 1.0)) == ()
    assert len(tail_counts(summarize(torch.randn(64)), Normal(0.0, 1.0))) == 1


def test_half_a_table_cut_is_seen_though_a_few_values_reach_far() -> None:
    torch.manual_seed(0)
    x = torch.randn(1_000_000)
    x[:500_000].clamp_(-3, 3)
    few = min(count.p_few for count in tail_counts(summarize(x), Normal(0.0, 1.0)))
    assert few < 1e-6
