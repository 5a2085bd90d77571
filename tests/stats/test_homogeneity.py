"""Equal variances: against the chi-squared law of normal variances, and simulation for others."""

import numpy as np
import pytest
import torch
from scipy import stats

from embcheck.stats.homogeneity import homogeneous_p

UNIFORM = {"kurtosis": 1.8, "sixth": 27 / 7}


def test_it_agrees_with_scipys_bartlett_for_normals():
    """Two tests of one hypothesis: their p-values go together, whether the variances are equal or not."""
    generator = np.random.default_rng(0)
    for spread in (0.0, 0.1, 0.2):
        x = generator.standard_normal((40, 60)) * np.exp(spread * generator.standard_normal((40, 1)))
        one_sided = stats.bartlett(*x).pvalue
        ours = homogeneous_p(torch.from_numpy(x.var(1, ddof=1)), 60)
        assert np.log10(ours) == pytest.approx(np.log10(2 * min(one_sided, 1 - one_sided)), abs=0.5, rel=0.2)


@pytest.mark.parametrize(("moments", "draw"), [({}, "standard_normal"), (UNIFORM, "random")])
@pytest.mark.parametrize("shape", [(32, 32), (64, 200)], ids=str)
def test_level(moments, draw, shape):
    """2,000 sound matrices at level 0.01: between half and 1.4 of the nominal rate."""
    generator = np.random.default_rng(1)
    refused = sum(
        homogeneous_p(torch.from_numpy(getattr(generator, draw)(shape).var(1, ddof=1)), shape[1], **moments) < 0.01
        for _ in range(2000)
    )
    assert stats.binom.ppf(1e-4, 2000, 0.005) <= refused <= stats.binom.isf(1e-4, 2000, 0.014)


def test_rows_of_one_length_and_constant_rows():
    assert homogeneous_p(torch.ones(50), 100) < 1e-20
    assert homogeneous_p(torch.tensor([0.0, 1.0]), 100) == 0
    assert homogeneous_p(torch.zeros(3), 100) == 1
    assert homogeneous_p(torch.ones(1), 100) == 1


def test_one_row_of_another_scale():
    v = torch.from_numpy(np.random.default_rng(2).chisquare(99, 50) / 99)
    assert homogeneous_p(v, 100) > 1e-3
    v[7] *= 3
    assert homogeneous_p(v, 100) < 1e-6
