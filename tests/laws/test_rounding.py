"""The band of faithful roundings holds every way of rounding that there is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.rounding import rounded

DTYPES = [torch.bfloat16, torch.float16, torch.float8_e4m3fn, torch.float8_e5m2]


def values_of(dtype: torch.dtype) -> np.ndarray:
    raw = torch.arange(256).to(torch.uint8) if dtype.itemsize == 1 else torch.arange(65536).to(torch.int16)
    values = raw.view(dtype).double().numpy()
    return np.unique(values[np.isfinite(values)])


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("law", [Normal(0, 0.02), Uniform(-1, 1)], ids=str)
def test_every_faithful_rounding_lies_in_the_band(dtype: torch.dtype, law) -> None:
    values = values_of(dtype)
    band = rounded(law, dtype)
    low, high = band.cdf_low(values), band.cdf_high(values)
    assert (low <= high).all()
    # the law of the rounded draws by where they begin to be rounded up
    following = np.append(values[1:], np.inf)
    middle = np.append((values[1:] + values[:-1]) / 2, np.inf)
    ways = {
        "nearest": law.cdf(middle),
        "down": law.cdf_left(following),
        "up": law.cdf(values),
        "to zero": np.where(values < 0, law.cdf(values), law.cdf_left(following)),
        "at random": (law.cdf(values) + law.cdf(middle)) / 2,
    }
    for way, cdf in ways.items():
        assert (low - 1e-15 <= cdf).all(), way
        assert (cdf <= high + 1e-15).all(), way


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_torchs_own_rounding_lies_in_the_band(dtype: torch.dtype) -> None:
    x = torch.randn(400_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 0.02
    values = values_of(dtype)
    before = np.sort(x.numpy())
    after = np.searchsorted(np.sort(x.to(dtype).double().numpy()), values, side="right")
    # draw by draw: at v the rounded draws are between those at most v and those below the next value
    assert (np.searchsorted(before, values, side="right") <= after).all()
    assert (after <= np.searchsorted(before, np.append(values[1:], np.inf), side="left")).all()


def test_the_spread_is_the_mass_between_neighbours() -> None:
    band = rounded(Normal(0, 0.02), torch.bfloat16)
    v = np.array([0.02])
    spacing = 2.0**-6 * 2.0**-7  # 0.02 lies in [2^-6, 2^-5), of which bfloat16 has 2^7 values
    nearby = torch.tensor(v).bfloat16().double().numpy()
    assert band.spread(nearby) == pytest.approx(spacing * np.exp(-0.5) / np.sqrt(2 * np.pi) / 0.02, rel=0.02)
    assert rounded(Normal(0, 0.02), torch.float64).spread(v) < 1e-15


def test_levels_are_the_law_rounded_to_nearest() -> None:
    levels = rounded(Uniform(0, 1), torch.float8_e4m3fn).levels(10**6)
    assert levels.probability.sum() == pytest.approx(1, abs=1e-12)
    values = values_of(torch.float8_e4m3fn)
    assert levels.size.size == ((values >= 0) & (values <= 1)).sum()


def test_nothing_is_rounded_to_integers() -> None:
    with pytest.raises(TypeError, match="not a floating-point"):
        rounded(Normal(0, 1), torch.int8)


def test_printing() -> None:
    assert str(rounded(Normal(0, 0.02), torch.bfloat16)) == "normal(0, 0.02) in bfloat16"
