"""Flags to places, at every density, as numpy has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embcheck.stats.ks.selection import where, within
from embcheck.stats.scratch import Scratch


@pytest.mark.parametrize("density", [0.0, 0.001, 0.02, 0.021, 0.05, 0.1, 0.11, 0.5, 1.0])
@pytest.mark.parametrize("n", [0, 1, 7, 1000, 100_003])
def test_where(n: int, density: float) -> None:
    flags = np.random.default_rng(n).random(n) < density
    assert np.array_equal(where(flags), np.flatnonzero(flags))
    assert np.array_equal(where(np.sort(flags)), np.flatnonzero(np.sort(flags)))


@pytest.mark.parametrize("intervals", [[], [(0.0, 0.5)], [(-1.0, -0.9), (0.2, 0.25)], [(-9.0, 9.0), (0.0, 0.0)]])
def test_within(intervals: list[tuple[float, float]]) -> None:
    values = torch.randn(50_000, generator=torch.Generator().manual_seed(0))
    wanted = torch.zeros(values.shape, dtype=torch.bool)
    for low, high in intervals:
        wanted |= (values >= low) & (values <= high)
    scratch = Scratch()
    assert torch.equal(within(values, values, intervals, scratch), values[wanted])
    assert torch.equal(within(values[:99], values[:99], intervals, scratch), values[:99][wanted[:99]])
    assert torch.equal(within(values, values.double(), intervals, scratch), values[wanted])
