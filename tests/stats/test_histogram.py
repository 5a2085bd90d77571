"""Counts against numpy's, in every dtype and across chunks."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embcheck.stats import histogram as module
from embcheck.stats.histogram import BINS, histogram


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_numpy_counts_the_same(dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK", 700)
    # on a grid that no edge of a bin lies on, so that no rounding decides
    values = (torch.randint(-20, 21, (50, 99), generator=torch.Generator().manual_seed(0)) / 8).to(dtype)
    low, high = -3.0, 3.1
    found = histogram(values.T, low, high)
    counts, edges = np.histogram(values.double().numpy(), BINS, (low, high))
    assert [count for _, count in found] == counts.tolist()
    np.testing.assert_allclose([centre for centre, _ in found], (edges[1:] + edges[:-1]) / 2, rtol=1e-12)


def test_the_ends_count_and_what_is_not_finite_does_not() -> None:
    values = torch.tensor([0.0, 1.0, 1.0, float("nan"), float("inf"), -float("inf")])
    found = histogram(values, 0.0, 1.0)
    assert (found[0][1], found[-1][1]) == (1.0, 2.0)
    assert sum(count for _, count in found) == 3


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (0.0, float("inf")), (float("nan"), 1.0), (2.0, 1.0)])
def test_no_interval_no_bars(low: float, high: float) -> None:
    assert histogram(torch.ones(3), low, high) == ()
