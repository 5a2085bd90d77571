"""Families against scipy.stats and closed forms."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from embcheck.laws.families import Any, Constant, Dirac, Eye, Given, Normal, Orthogonal, Padded, Sparse, Uniform

X = np.concatenate([np.linspace(-40, 40, 401), [-np.inf, np.inf, 0.0]])
Q = np.array([0, 1e-300, 1e-12, 0.01, 0.5, 0.99, 1])


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (0.3, 0.02), (-5, 7)])
def test_normal(mean, std):
    law, other = Normal(mean, std), stats.norm(mean, std)
    for x in (X, mean + std * X):
        np.testing.assert_allclose(law.cdf(x), other.cdf(x), rtol=1e-12)
        np.testing.assert_allclose(law.sf(x), other.sf(x), rtol=1e-12)
    np.testing.assert_allclose(law.ppf(Q), other.ppf(Q), rtol=1e-12)
    assert (law.mean, law.std, law.kurtosis, law.support) == (mean, std, 3, (-np.inf, np.inf))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-0.3, 0.3), (2, 5)])
def test_uniform(low, high):
    law, other = Uniform(low, high), stats.uniform(low, high - low)
    x = np.concatenate([X, np.linspace(low, high, 50)])
    np.testing.assert_allclose(law.cdf(x), other.cdf(x), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(law.sf(x), other.sf(x), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(law.ppf(Q), other.ppf(Q), rtol=1e-12)
    assert law.mean == pytest.approx(other.mean(), rel=1e-15)
    assert law.std == pytest.approx(other.std(), rel=1e-15)
    assert law.kurtosis == pytest.approx(3 + other.stats(moments="k"), rel=1e-14)
    assert np.isnan(law.ppf([-1, 2])).all()


def test_half_open_uniform_is_another_law():
    assert Uniform(0, 1, open_right=True) != Uniform(0, 1)
    assert Uniform(0, 1, open_right=True).open_right


def test_spelling_takes_no_part_in_comparison():
    assert Normal(0, 1, spelling="randn()") == Normal(0, 1)
    assert hash(Normal(0, 1, spelling="randn()")) == hash(Normal(0, 1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Normal(0, 0),
        lambda: Normal(math.nan, 1),
        lambda: Uniform(1, 1),
        lambda: Uniform(0, math.inf),
        lambda: Sparse(1.5),
    ],
)
def test_refuses_what_is_no_law(make):
    with pytest.raises(ValueError, match="must be"):
        make()


def test_constant():
    law = Constant(3.0)
    assert law.exact
    assert not law.iid
    np.testing.assert_array_equal(law.cdf(np.array([2.9, 3.0, 3.1])), [0, 1, 1])
    np.testing.assert_array_equal(law.cdf_left(np.array([2.9, 3.0, 3.1])), [0, 0, 1])
    np.testing.assert_array_equal(law.ppf(np.array([0.0, 0.5, 1.0])), [3, 3, 3])
    assert torch.equal(law.values((2, 3), torch.bfloat16, "cpu"), torch.full((2, 3), 3.0, dtype=torch.bfloat16))
    assert (str(Constant(0)), str(Constant(1)), str(law)) == ("zeros()", "ones()", "constant(3)")


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (0, 3)])
def test_eye_is_torchs(shape):
    assert torch.equal(Eye().values(shape, torch.float32, "cpu"), torch.nn.init.eye_(torch.empty(shape)))


@pytest.mark.parametrize("shape", [(4, 4, 3), (6, 2, 3, 5), (6, 4, 3, 3, 2), (4, 9, 1)])
@pytest.mark.parametrize("groups", [1, 2])
def test_dirac_is_torchs(shape, groups):
    wanted = torch.nn.init.dirac_(torch.empty(shape), groups)
    assert torch.equal(Dirac(groups).values(shape, torch.float32, "cpu"), wanted)


def test_exact_laws_refuse_other_shapes():
    with pytest.raises(ValueError, match="matrix"):
        Eye().values((3,), torch.float32, "cpu")
    with pytest.raises(ValueError, match="3 to 5"):
        Dirac().values((3, 3), torch.float32, "cpu")
    with pytest.raises(ValueError, match="groups"):
        Dirac(2).values((3, 3, 3), torch.float32, "cpu")
    with pytest.raises(ValueError, match="have shape"):
        Given(torch.zeros(3)).values((4,), torch.float32, "cpu")


def test_given_compares_by_value():
    assert Given(torch.arange(3.0)) == Given(torch.arange(3.0))
    assert hash(Given(torch.arange(3.0))) == hash(Given(torch.arange(3.0)))
    assert Given(torch.arange(3.0)) != Given(torch.ones(3))
    assert Given(torch.ones(3)).values((3,), torch.float16, "cpu").dtype == torch.float16


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (2, 2), (3, 2), (8, 8), (4, 100)])
def test_orthogonal_marginal(rows, cols):
    """One coordinate of a uniform point on the unit sphere: x^2 is Beta(1/2, (m - 1)/2)."""
    law, m = Orthogonal(2.0, rows, cols), max(rows, cols)
    assert law.std == pytest.approx(2 / math.sqrt(m))
    if m == 1:
        np.testing.assert_array_equal(law.cdf(np.array([-2.1, -2, 0, 2])), [0, 0.5, 0.5, 1])
        np.testing.assert_array_equal(law.cdf_left(np.array([-2, 0, 2.0])), [0, 0.5, 0.5])
        return
    square, x = stats.beta(0.5, (m - 1) / 2), np.linspace(-2.5, 2.5, 41)
    wanted = 0.5 + np.sign(x) * square.cdf((x / 2) ** 2) / 2
    np.testing.assert_allclose(law.cdf(x), wanted, atol=1e-12)
    np.testing.assert_allclose(law.sf(x), 1 - wanted, atol=1e-12)
    assert law.kurtosis == pytest.approx(square.moment(2) / square.moment(1) ** 2, rel=1e-12)


def test_sparse_counts_and_moments():
    law = Sparse(0.25, 0.5, rows=10)
    assert law.zeros == 3  # ceil(2.5)
    assert law.std == pytest.approx(0.5 * math.sqrt(0.7))
    assert law.cdf(np.array([0.0])) - law.cdf_left(np.array([0.0])) == pytest.approx(0.3)
    x = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(law.cdf(x) + law.sf(x), 1, atol=1e-15)


def test_kinds():
    assert [(law.iid, law.exact) for law in (Normal(), Eye(), Any(), Padded(Normal(), 0), Orthogonal())] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
        (False, False),
    ]
    assert str(Padded(Normal(), 3)) == "padded(normal(0, 1), 3)"
    assert Padded(Uniform(1, 2), 0).support == (0, 2)


@given(st.floats(-10, 10), st.floats(1e-6, 10), st.floats(0, 1))
def test_quantiles_invert(mean, std, q):
    for law in (Normal(mean, std), Uniform(mean, mean + std)):
        assert law.cdf(law.ppf(np.array([q])))[0] == pytest.approx(q, abs=1e-8)
