"""Cells are in the order of the values, for every dtype."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embcheck.errors import Unsupported
from embcheck.stats.grid import grid_of

NARROW = [
    torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz,
    torch.int8, torch.uint8, torch.int16,
]  # fmt: skip


@pytest.mark.parametrize("dtype", NARROW, ids=str)
def test_a_cell_of_a_narrow_type_is_its_value(dtype: torch.dtype) -> None:
    grid = grid_of(dtype)
    raw = torch.arange(grid.size).to(torch.uint8 if grid.bits == 8 else torch.int16)
    x = raw.view(dtype) if dtype.is_floating_point else raw.to(dtype) if dtype == torch.uint8 else raw.view(dtype)
    cells, counts = grid.occupied(torch.bincount(grid.codes(x), minlength=grid.size).numpy())
    assert np.array_equal(cells, np.arange(grid.size))
    assert (counts == 1).all()
    values = grid.lowest[~np.isnan(grid.lowest)]
    assert (np.diff(values) >= 0).all()
    assert np.array_equal(np.sort(values), np.sort(x.double().numpy()[~np.isnan(x.double().numpy())]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_every_value_lies_in_its_cell(dtype: torch.dtype) -> None:
    grid = grid_of(dtype)
    g = np.random.default_rng(0)
    kind = np.uint32 if dtype == torch.float32 else np.uint64
    x = g.integers(0, np.iinfo(kind).max, 20_000, dtype=kind).view(np.float32 if dtype == torch.float32 else np.float64)
    x = x[~np.isnan(x)]
    for value in x[:300]:
        cells, _ = grid.occupied(np.bincount(grid.codes(torch.tensor([value], dtype=dtype)), minlength=grid.size))
        assert grid.lowest[cells[0]] <= value <= grid.highest[cells[0]]
    inside = grid.finite
    assert (grid.lowest[inside][1:] >= grid.highest[inside][:-1]).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float8_e5m2, torch.float32], ids=str)
def test_neighbours(dtype: torch.dtype) -> None:
    grid = grid_of(dtype)
    one = np.array([1.0])
    eps = torch.finfo(dtype).eps
    assert grid.next_above(one) == 1 + eps
    assert grid.next_below(one) == 1 - eps / 2
    largest = np.array([torch.finfo(dtype).max])
    assert grid.next_above(largest) == np.inf
    assert grid.next_below(-largest) == -np.inf
    zero = np.array([-0.0])
    assert grid.next_above(zero) == -grid.next_below(zero) > 0


def test_packed_types_are_refused() -> None:
    with pytest.raises(Unsupported, match="complex"):
        grid_of(torch.complex64)
    if hasattr(torch, "float4_e2m1fn_x2"):
        with pytest.raises(Unsupported, match="float4"):
            grid_of(torch.float4_e2m1fn_x2)
