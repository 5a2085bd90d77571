"""Bins: the index is monotone whatever is rounded, and no value lies outside of its bin's bounds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from embcheck.stats.ks.bins import Bins
from embcheck.stats.scratch import Scratch

KINDS = {torch.float32: np.float32, torch.float64: np.float64}


def made(dtype: torch.dtype, center: float, half: float, size: int, bulk: float) -> Bins:
    return Bins.spanning(center - half, center + half, size, dtype, bulk=bulk * half)


def neighbours(bins: Bins, seed: int) -> torch.Tensor:
    """Ascending values, many of them next to the edges of bins: around each a few consecutive floats."""
    rng = np.random.default_rng(seed)
    kind = KINDS[bins.dtype]
    cells = rng.integers(0, bins.size, 200)
    edges = np.concatenate([bins.low(cells), bins.high(cells), rng.uniform(-3, 3, 200) * bins.size / bins.scale])
    at = edges[np.isfinite(edges)].astype(kind)
    steps = [at]
    for direction in (-np.inf, np.inf):
        here = at
        for _ in range(3):
            here = np.nextafter(here, kind(direction))
            steps.append(here)
    values = np.concatenate([*steps, np.array([0.0, -0.0, np.inf, -np.inf, np.finfo(kind).max], dtype=kind)])
    return torch.from_numpy(np.sort(values))


@settings(max_examples=60, deadline=None)
@given(
    dtype=st.sampled_from(list(KINDS)),
    center=st.sampled_from([0.0, 1.0, -3.7, 1e-3, 1e6]),
    half=st.sampled_from([1e-30, 0.08, 1.0, 12.5, 1e30]),
    bits=st.integers(1, 19),
    bulk=st.sampled_from([0.0, 0.1, 0.36, 0.45]),
    seed=st.integers(0, 2**31),
)
def test_monotone_and_within_bounds(
    *, dtype: torch.dtype, center: float, half: float, bits: int, bulk: float, seed: int
) -> None:
    bins = made(dtype, center, half, 1 << bits, bulk)
    values = neighbours(bins, seed)
    index = bins.index(values, Scratch()).numpy().astype(np.int64)
    assert (np.diff(index) >= 0).all()
    assert index.min() >= 0
    assert index.max() < bins.size
    wide = values.double().numpy()
    assert (bins.low(index) <= wide).all()
    assert (wide <= bins.high(index)).all()


@pytest.mark.parametrize("bulk", [0.0, 0.36])
def test_bins_are_as_wide_as_said(bulk: float) -> None:
    bins = made(torch.float64, 0.5, 2.0, 1 << 12, bulk)
    inner = np.arange(1, bins.size - 1)
    width = (bins.high(inner) - bins.low(inner)) * bins.scale
    middle = (bins.high(inner) + bins.low(inner)) / 2 - 0.5
    due = np.where(np.abs(middle) < bulk * 2.0, 1 / 3, 1.0)
    away = np.abs(np.abs(middle) - bulk * 2.0) > 2 / bins.scale  # but for the bins that hold the knee
    np.testing.assert_allclose(width[away], due[away], atol=1e-6)
    assert bins.low(np.array([1]))[0] == pytest.approx(0.5 - 2.0, abs=1 / bins.scale)


@settings(max_examples=40, deadline=None)
@given(
    dtype=st.sampled_from(list(KINDS)),
    bulk=st.sampled_from([0.0, 0.36]),
    ends=st.lists(st.integers(0, 1023), min_size=2, max_size=6, unique=True),
    seed=st.integers(0, 2**31),
)
def test_picks_what_the_index_says(dtype: torch.dtype, bulk: float, ends: list[int], seed: int) -> None:
    bins = made(dtype, 0.0, 4.0, 1024, bulk)
    values = torch.cat(
        [torch.randn(5000, generator=torch.Generator().manual_seed(seed)).to(dtype), neighbours(bins, seed)]
    )
    ends = sorted(ends)[: len(ends) // 2 * 2]
    intervals = list(zip(ends[::2], ends[1::2], strict=True))
    index = bins.index(values, Scratch())
    wanted = torch.zeros(values.shape, dtype=torch.bool)
    for first, last in intervals:
        wanted |= (index >= first) & (index <= last)
    scratch = Scratch()
    for _ in range(2):  # the second time in rooms that are used
        assert torch.equal(bins.pick(values, intervals, scratch), values[wanted])
    about = set(bins.pick_about(values, intervals, scratch).tolist())
    assert set(values[wanted].tolist()) <= about
    assert len(about) <= int(wanted.sum()) + 4 * 7 * len(intervals) + 20  # little more: those at the edges
