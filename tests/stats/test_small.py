"""Sorting few values gives what the pass over many gives, field by field."""

from __future__ import annotations

import math
from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from embcheck.stats import small
from embcheck.stats.distinct import KEPT
from embcheck.stats.grid import grid_of
from embcheck.stats.summary import Summary, summarize

values = st.one_of(
    st.sampled_from([0.0, -0.0, 1e-45, -1e-45, 1e-40, 1.17549435e-38, 1.0, -1.0, 3.4e38, -3.4e38]),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
)


def both(tensor: torch.Tensor) -> tuple[Summary, Summary]:
    """By sorting, and by counting all cells."""
    assert small.counted(tensor.detach(), grid_of(tensor.dtype)) is not None
    with patch.object(small, "SORTED", 0):
        assert small.counted(tensor.detach(), grid_of(tensor.dtype)) is None
        passed = summarize(tensor)
    return summarize(tensor), passed


def assert_same(a: Summary, b: Summary) -> None:
    for field in ("dtype", "n", "finite", "nan", "posinf", "neginf", "zero", "subnormal", "min", "max", "distinct"):
        assert getattr(a, field) == getattr(b, field), field
    np.testing.assert_array_equal(a.cells, b.cells)
    np.testing.assert_array_equal(a.counts, b.counts)
    assert a.sketch is not None and b.sketch is not None
    np.testing.assert_array_equal(a.sketch.hashes, b.sketch.hashes)
    assert a.distinct_is_exact == b.distinct_is_exact
    assert math.isclose(a.mean, b.mean, rel_tol=1e-12, abs_tol=1e-12 * a.std)
    assert math.isclose(a.std, b.std, rel_tol=1e-12)


@settings(max_examples=200)
@given(st.lists(values, min_size=1, max_size=40), st.sampled_from([torch.float32, torch.float64]))
def test_any_few_values(numbers: list[float], dtype: torch.dtype) -> None:
    assert_same(*both(torch.tensor(numbers, dtype=dtype)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("n", [1, 2, KEPT - 1, KEPT, KEPT + 1, KEPT + 2, 5 * KEPT, small.SORTED])
def test_about_as_many_values_as_are_kept(n: int, dtype: torch.dtype) -> None:
    assert_same(*both(torch.randn(n, dtype=dtype, generator=torch.Generator().manual_seed(n))))


@pytest.mark.parametrize("stride", [(1, 40), (3, 120)])
def test_any_stride(stride: tuple[int, int]) -> None:
    x = torch.randn(5000, generator=torch.Generator().manual_seed(1)).as_strided((30, 40), stride)
    assert_same(*both(x))


def test_the_tensor_is_not_sorted_in_place() -> None:
    x = torch.tensor([3.0, 0.0, -0.0, -1.0])
    summarize(x)
    assert x.tolist() == [3.0, 0.0, -0.0, -1.0] and torch.signbit(x).tolist() == [False, False, True, True]


@pytest.mark.parametrize("odd", [math.nan, -math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_left_to_the_pass(odd: float) -> None:
    x = torch.tensor([1.0, odd, 2.0])
    assert small.counted(x, grid_of(x.dtype)) is None
    assert (summarize(x).finite, summarize(x).n) == (2, 3)
