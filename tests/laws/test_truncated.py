"""The truncated normal against 60-digit arithmetic, in the body and far out."""

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

from embcheck.laws.families import TruncatedNormal

CUTS = [
    (0, 1, -2, 2),
    (0, 0.02, -2, 2),
    (0, 1, 2, 5),
    (0, 1, 8, 9),
    (0, 1, 30, 31),
    (0, 1, -40, -35),
    (1, 0.5, -3, 0.2),
    (0, 1, -1e-3, 2e-3),
    (0, 1, 1, 1.001),
    (0, 1, -1, 6),
    (0, 1, -0.1, 30),
]


def upper(x):
    return mp.erfc(x / mp.sqrt(2)) / 2


def density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(400):  # differences of erfc at 40 sigma
        yield


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_tails_and_quantiles(cut):
    loc, scale, a, b = map(float, cut)
    law = TruncatedNormal(*cut)
    alpha, beta = (mp.mpf(a) - loc) / scale, (mp.mpf(b) - loc) / scale
    whole = upper(alpha) - upper(beta)
    near = (b - a) * 10.0 ** np.arange(-8, 0)
    x = np.concatenate([a + near, np.linspace(a, b, 21)[1:-1], b - near])
    for value, low, high, back in zip(x, law.cdf(x), law.sf(x), law.ppf(law.cdf(x)), strict=True):
        xi = (mp.mpf(float(value)) - loc) / scale
        left, right = (upper(alpha) - upper(xi)) / whole, (upper(xi) - upper(beta)) / whole
        # x itself is a float64: near an end, its own spacing moves the tail by that much
        blur = 4 * np.spacing(max(abs(a), abs(b), abs(loc))) / scale
        for measured, true in ((low, left), (high, right)):
            if true > mp.mpf(10) ** -300:
                slack = 1e-12 + float(blur * density(xi) / whole / true)
                assert abs(float(mp.mpf(float(measured)) / true - 1)) < slack
        if mp.mpf(10) ** -290 < left < 0.9:
            assert back == pytest.approx(value, rel=1e-9, abs=1e-9 * (b - a))


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_moments(cut):
    loc, scale, a, b = map(float, cut)
    law = TruncatedNormal(*cut)
    alpha, beta = (mp.mpf(a) - loc) / scale, (mp.mpf(b) - loc) / scale
    whole = upper(alpha) - upper(beta)
    # raw moments by the recursion m_k = (k-1) m_{k-2} + (alpha^{k-1} phi(alpha) - beta^{k-1} phi(beta)) / Z
    m = [mp.mpf(1), (density(alpha) - density(beta)) / whole]
    for k in (2, 3, 4):
        edge = (alpha ** (k - 1) * density(alpha) - beta ** (k - 1) * density(beta)) / whole
        m.append((k - 1) * m[k - 2] + edge)
    variance = m[2] - m[1] ** 2
    fourth = m[4] - 4 * m[3] * m[1] + 6 * m[2] * m[1] ** 2 - 3 * m[1] ** 4
    assert law.mean == pytest.approx(float(loc + scale * m[1]), rel=1e-13, abs=1e-15 * scale)
    assert law.std == pytest.approx(float(scale * mp.sqrt(variance)), rel=1e-9)
    assert law.kurtosis == pytest.approx(float(fourth / variance**2), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(-2, 2), (-1, 3), (0.5, 4), (-6, -1)])
def test_agrees_with_scipy(a, b):
    law, other = TruncatedNormal(0.1, 0.5, a, b), stats.truncnorm((a - 0.1) / 0.5, (b - 0.1) / 0.5, 0.1, 0.5)
    x = np.linspace(a - 1, b + 1, 101)
    np.testing.assert_allclose(law.cdf(x), other.cdf(x), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(law.ppf([0, 0.01, 0.5, 0.99, 1]), other.ppf([0, 0.01, 0.5, 0.99, 1]), rtol=1e-9)
    assert law.std == pytest.approx(other.std(), rel=1e-9)
    assert np.isnan(law.ppf([-0.1, 1.1])).all()


def test_bounds_are_values_not_sigmas():
    """trunc_normal_(std=0.02) cuts at ±2, a hundred sigma out: in effect a plain normal."""
    assert TruncatedNormal(0, 0.02, -2, 2).std == pytest.approx(0.02, rel=1e-15)


@pytest.mark.parametrize("cut", [(0, 0, -1, 1), (0, 1, 2, 2), (0, 1, 3, -3), (0, float("nan"), -1, 1), (0, -1, -2, 2)])
def test_refuses_what_is_no_law(cut):
    with pytest.raises(ValueError, match="std must be positive and a below b"):
        TruncatedNormal(*cut)
