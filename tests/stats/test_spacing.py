from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embcheck.stats.spacing import mean_allowance, spacing, spacings, std_range

DTYPES = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


# numpy overflows at the very last number of a dtype
@given(st.floats(-(2.0**127), 2.0**127, width=32))
def test_spacing_of_float32_is_numpys(x) -> None:
    assert spacing(x, "float32") == float(np.spacing(np.float32(abs(x))))


@given(st.floats(-(2.0**15), 2.0**15, width=16))
def test_spacing_of_float16_is_numpys(x) -> None:
    assert spacing(x, "float16") == float(np.spacing(np.float16(abs(x))))


@pytest.mark.parametrize("x", [1.0, 1.5, 0.02, 3e-39, 0.0, -7.25])
def test_spacing_of_bfloat16_is_the_next_bit_pattern(x) -> None:
    t = torch.tensor(abs(x), dtype=torch.bfloat16)
    following = (t.view(torch.int16) + 1).view(torch.bfloat16)
    assert spacing(float(t), "bfloat16") == float(following) - float(t)


def test_infinity_has_no_neighbours() -> None:
    assert spacing(math.inf, "float32") == math.inf


@pytest.mark.parametrize("dtype", DTYPES)
def test_many_at_once_agree_with_one_at_a_time(dtype) -> None:
    x = np.array([0.0, 1e-3, -0.5, 1.0, 1.9999, 2.0, 100.0])
    assert spacings(x, dtype).tolist() == [spacing(float(v), dtype) for v in x]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float8_e4m3fn"])
@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (0.5, 0.2887), (3.0, 0.1)])
@pytest.mark.parametrize("direction", ["up", "down", "away", "towards"])
def test_no_directed_rounding_exceeds_the_allowance(dtype, mean, std, direction) -> None:
    """Round a fine quantile grid of a normal to one side and compare moments: no sampling error."""
    from scipy import special

    x = mean + std * special.ndtri((np.arange(200_000) + 0.5) / 200_000)
    step = spacings(x, dtype)
    rounded = {
        "up": np.ceil(x / step), "down": np.floor(x / step), "away": np.copysign(np.ceil(np.abs(x) / step), x),
        "towards": np.trunc(x / step),
    }[direction] * step  # fmt: skip
    assert abs(rounded.mean() - mean) <= mean_allowance(mean, std, dtype) * 1.02 + 1e-9
    low, high = std_range(mean, std, dtype)
    assert low * 0.999 <= rounded.std() <= high * 1.001


def test_allowance_of_float32_is_negligible() -> None:
    assert mean_allowance(0.0, 1.0, "float32") < 1e-7
    assert std_range(0.0, 1.0, "float32") == pytest.approx((1.0, 1.0), abs=2e-7)
