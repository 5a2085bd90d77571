"""Bartlett's test against scipy's, and Box's correction against simulation."""

import numpy as np
import pytest
import torch
from scipy import stats

from embcheck.stats.homogeneity import homogeneous_p


def test_it_is_scipys_bartlett_for_normals():
    x = np.random.default_rng(0).standard_normal((40, 30)) * np.linspace(0.7, 1.4, 40)[:, None]
    one_sided = stats.bartlett(*x).pvalue
    variances = torch.from_numpy(x.var(1, ddof=1))
    assert homogeneous_p(variances, 30, 3.0) == pytest.approx(2 * one_sided, rel=1e-9)


@pytest.mark.parametrize(("kurtosis", "draw"), [(3.0, "standard_normal"), (1.8, "random")])
def test_level(kurtosis, draw):
    """2,000 sound matrices of 64 x 200 at level 0.01."""
    generator = np.random.default_rng(1)
    refused = sum(
        homogeneous_p(torch.from_numpy(getattr(generator, draw)((64, 200)).var(1, ddof=1)), 200, kurtosis) < 0.01
        for _ in range(2000)
    )
    assert stats.binom.ppf(1e-6, 2000, 0.01) <= refused <= stats.binom.isf(1e-6, 2000, 0.012)


def test_rows_of_one_length_and_constant_rows():
    assert homogeneous_p(torch.ones(50), 100, 3.0) < 1e-20
    assert homogeneous_p(torch.tensor([0.0, 1.0]), 100, 3.0) == 0
    assert homogeneous_p(torch.zeros(3), 100, 3.0) == 1
    assert homogeneous_p(torch.ones(1), 100, 3.0) == 1
