"""The tests of fit: calibrated where the law is true, sharp where it is not."""

import numpy as np
import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.laws.identification.goodness import fit, kurtosis_p, log_likelihood, skewness_p
from embcheck.laws.identification.sample import sample_of
from embcheck.stats.summary import summarize


def sample(values, dtype=torch.float32):
    return sample_of(summarize(torch.as_tensor(values).to(dtype)))


@pytest.mark.parametrize("n", [20, 100, 5000])
def test_skewness_and_kurtosis_are_scipys(n):
    x = np.random.default_rng(n).standard_normal(n)
    assert skewness_p(n, stats.skew(x)) == pytest.approx(stats.skewtest(x).pvalue, rel=1e-9)
    assert kurtosis_p(n, stats.kurtosis(x, fisher=False)) == pytest.approx(stats.kurtosistest(x).pvalue, rel=1e-9)


@pytest.mark.parametrize(
    ("dtype", "accuracy"), [(torch.float64, 1e-2), (torch.float32, 2e-3), (torch.float16, 1e-9)], ids=str
)
def test_moments_from_cells(dtype, accuracy):
    """Five times 4 h sqrt(E z^8 / 12 n), h the relative width of a cell: the part that is random within cells."""
    x = torch.from_numpy(np.random.default_rng(0).standard_normal(50_000)).to(dtype)
    skewness, kurtosis = sample(x, dtype).shape_moments
    assert skewness == pytest.approx(stats.skew(x.double().numpy()), abs=accuracy)
    assert kurtosis == pytest.approx(stats.kurtosis(x.double().numpy(), fisher=False), abs=accuracy)


@pytest.mark.parametrize("law", [Normal(0, 0.02), Uniform(-0.1, 0.1), TruncatedNormal(0, 1, -2, 2)], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16], ids=str)
def test_a_true_law_is_refused_as_often_as_said(law, dtype):
    """150 samples at level 0.05, by inversion from numpy: Bonferroni keeps the rate below it."""
    generator = np.random.default_rng(1)
    refused = sum(fit(sample(law.ppf(generator.random(2000)), dtype), law).p_value < 0.05 for _ in range(150))
    assert refused <= stats.binom.isf(1e-6, 150, 0.05)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize(
    ("values", "law"),
    [
        (lambda g: g.standard_normal(20_000) * 1.05, Normal()),
        (lambda g: g.standard_normal(20_000) + 0.05, Normal()),
        (lambda g: g.standard_t(8, 20_000) * (6 / 8) ** 0.5, Normal()),
        (lambda g: g.uniform(-(3**0.5), 3**0.5, 20_000), Normal()),
        (lambda g: np.clip(g.standard_normal(20_000), -2.5, 2.5), Normal()),
        (lambda g: np.append(g.standard_normal(20_000), 9.0), Normal()),
        (lambda g: g.uniform(-0.97, 0.97, 20_000), Uniform(-1, 1)),
        (lambda g: g.uniform(-1.03, 1.03, 20_000), Uniform(-1, 1)),
        (lambda g: np.clip(g.uniform(-1.1, 1.1, 20_000), -1, 1), Uniform(-1, 1)),
        (lambda g: g.standard_normal(20_000), TruncatedNormal(0, 1, -2, 2)),
    ],
)
def test_a_wrong_law_is_refused(values, law, dtype):
    assert fit(sample(values(np.random.default_rng(2)), dtype), law).p_value < 1e-4


def test_an_estimated_scale_is_not_tested_for_scale():
    x = np.random.default_rng(3).standard_normal(20_000) * 1.05
    assert fit(sample(x), Normal(0, float(np.std(x))), estimated=True).p_value > 1e-4


def test_likelihood_prefers_the_law_that_drew():
    x = np.random.default_rng(4).uniform(-1, 1, 5000)
    laws = [Uniform(-1, 1), Uniform(-1.01, 1.01), Normal(0, 3**-0.5), TruncatedNormal(0, 0.5, -1, 1)]
    best = [log_likelihood(sample(x), law) for law in laws]
    assert best[0] == max(best)
    assert best[0] - best[1] == pytest.approx(5000 * np.log(1.01), rel=1e-3)


def test_zeros_can_be_taken_out():
    x = np.random.default_rng(5).standard_normal(5000).astype(np.float32)
    mixed = np.concatenate([x, np.zeros(3000, np.float32), -np.zeros(500, np.float32)])
    left = sample(mixed).without_zeros(3500)
    assert left.n == 5000
    assert left.mean == pytest.approx(x.mean(dtype=np.float64), abs=1e-9)
    assert left.std == pytest.approx(x.std(dtype=np.float64), rel=1e-9)
    assert left.counts.sum() == 5000
    assert fit(left, Normal()).p_value > 1e-4
