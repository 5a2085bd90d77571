"""What bounds become in 16 bits: held against torch's own draws."""

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.laws.identification.goodness import fit
from embcheck.laws.identification.sample import sample_of
from embcheck.laws.rounded_bounds import Wrapped, _towards, conventions
from embcheck.stats.summary import summarize

N = 1_000_000


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize(("low", "high"), [(-1, 1), (0, 1), (-0.1041, 0.1041), (-0.1, 0.1), (0.5, 3)])
def test_uniform_moves_the_upper_end_to_the_lower(dtype, low, high):
    """Counts of the outermost cells of a million draws; each may fail once in a million runs."""
    torch.manual_seed(0)
    draws = torch.empty(N, dtype=dtype).uniform_(low, high)
    wrapped = conventions(Uniform(low, high), str(dtype)[6:])[1]
    assert isinstance(wrapped, Wrapped)
    assert draws.max() <= wrapped.cut
    values = draws.double().numpy()
    steps = np.unique(values)
    first, last = (steps[0] + steps[1]) / 2, (steps[-2] + steps[-1]) / 2
    for end, chance in ((steps[0], float(wrapped.cdf(first))), (steps[-1], 1 - float(wrapped.cdf(last)))):
        assert stats.binomtest(int((values == end).sum()), N, chance).pvalue > 1e-6
    assert fit(sample_of(summarize(draws)), Uniform(low, high)).p_value > 1e-4


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("law", [Uniform(-0.1, 0.1), TruncatedNormal(0, 0.02, -0.04, 0.04)], ids=str)
def test_later_rounding_is_the_law_too(dtype, law):
    draws = torch.from_numpy(law.ppf(np.random.default_rng(0).random(N))).to(dtype)
    assert fit(sample_of(summarize(draws)), law).p_value > 1e-4


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_trunc_normal_keeps_half_a_spacing_more(dtype):
    torch.manual_seed(0)
    draws = torch.nn.init.trunc_normal_(torch.empty(N, dtype=dtype), 0, 0.02, -0.04, 0.04)
    law = TruncatedNormal(0, 0.02, -0.04, 0.04)
    assert fit(sample_of(summarize(draws)), law).p_value > 1e-4
    _, wider = conventions(law, str(dtype)[6:])
    assert wider.support[1] > 0.04


def test_moments_of_the_mixture():
    law = Wrapped(-1.0, 2.0, 1.9)
    atom = 0.1 / 3
    raw = [integrate.quad(lambda x, k=k: x**k / 3, -1, 1.9)[0] + atom * (-1) ** k for k in range(5)]
    mean = raw[1]
    variance = raw[2] - mean**2
    fourth = raw[4] - 4 * raw[3] * mean + 6 * raw[2] * mean**2 - 3 * mean**4
    assert (law.mean, law.std**2) == (pytest.approx(mean), pytest.approx(variance))
    assert law.kurtosis == pytest.approx(fourth / variance**2)
    x = np.array([-1.1, -1.0, 0.5, 1.9, 2.0])
    np.testing.assert_allclose(law.cdf(x), [0, atom, 1.5 / 3 + atom, 1, 1])
    np.testing.assert_allclose(law.cdf_left(x), [0, 0, 1.5 / 3 + atom, 1, 1])
    np.testing.assert_allclose(law.cdf(law.ppf(np.array([0.2, 0.9]))), [0.2, 0.9])


@pytest.mark.parametrize("x", [0.0, 1.0, -1.0, 0.1, -0.1, 1e-7, 255.0])
@pytest.mark.parametrize("side", [-1, 1])
def test_the_next_number(x, side):
    """numpy's nextafter in float16; its own definition in bfloat16."""
    wanted = np.nextafter(np.float16(x), np.float16(side * np.inf))
    assert _towards(float(np.float16(x)), "float16", side) == wanted
    near = _towards(x, "bfloat16", side)
    cast = torch.tensor(x).bfloat16()
    assert side * (near - cast.item()) > 0
    middle = torch.tensor((near + 3 * cast.double().item()) / 4).bfloat16()
    assert middle == cast  # nothing lies between


def test_wide_types_and_unbounded_laws_have_one_convention():
    assert conventions(Uniform(-1, 1), "float32") == (Uniform(-1, 1),)
    assert conventions(Normal(), "bfloat16") == (Normal(),)
