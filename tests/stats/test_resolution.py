"""How many different values are due: against simulation of balls in cells, and against coarse draws."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embcheck.laws.families import Normal, Uniform
from embcheck.stats.resolution import Levels, resolution
from embcheck.stats.summary import summarize


def draws(n: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, generator=torch.Generator().manual_seed(seed)) * 0.02


@pytest.mark.parametrize("n", [50, 500, 5000])
def test_expected_number_of_occupied_cells(n: int) -> None:
    g = np.random.default_rng(0)
    p = g.dirichlet(np.ones(400))
    sound = Levels(p, np.ones(400))
    seen = [np.unique(g.choice(400, n, p=p)).size for _ in range(400)]
    assert sound.expected(n) == pytest.approx(np.mean(seen), abs=5 * np.std(seen) / 20 + 1e-9)


@pytest.mark.parametrize(("cells", "n"), [(400, 500), (400, 100), (20_000, 300), (1_000_000, 400)])
def test_p_values_bound_the_chance_of_as_few(cells: int, n: int) -> None:
    g = np.random.default_rng(1)
    sound = Levels(np.array([1.0]), np.array([float(cells)]))  # one group of equal cells
    seen = np.array([np.unique(g.integers(0, cells, n)).size for _ in range(2000)])
    for level in (0.5, 0.1, 0.01):
        rejected = np.mean([sound.p_value(int(k), n) <= level for k in seen])
        assert rejected <= level + 4 * np.sqrt(level * (1 - level) / seen.size)


@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn], ids=str
)
@pytest.mark.parametrize("n", [1, 100, 10_000, 300_000])
def test_sound_draws_resolve_their_law(dtype: torch.dtype, n: int) -> None:
    got = resolution(summarize(draws(n).to(dtype)), Normal(0, 0.02))
    assert got.p_value > 1e-3
    assert 0 < got.expected <= n
    uniform = torch.rand(n, generator=torch.Generator().manual_seed(1)) * 2 - 1
    assert resolution(summarize(uniform.to(dtype)), Uniform(-1, 1)).p_value > 1e-3


def test_a_shifted_uniform_whose_neighbours_merge_is_sound() -> None:
    # on [1, 2) float32 keeps 2^23 of the generator's 2^24 levels, ties going to the even one
    x = torch.rand(3_000_000, generator=torch.Generator().manual_seed(2)) + 1
    assert resolution(summarize(x), Uniform(1, 2)).p_value > 1e-3


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("n", [2000, 300_000])
def test_256_levels_are_caught(dtype: torch.dtype, n: int) -> None:
    levels = torch.randint(0, 256, (n,), generator=torch.Generator().manual_seed(3)) / 128 - 1
    got = resolution(summarize(levels.to(dtype)), Uniform(-1, 1))
    assert got.distinct <= 256
    assert got.p_value < 1e-6


def test_float32_that_went_through_coarser_numbers_is_caught() -> None:
    assert resolution(summarize(draws(3000).bfloat16().float()), Normal(0, 0.02)).p_value < 1e-6
    assert resolution(summarize(draws(5000).half().float()), Normal(0, 0.02)).p_value < 1e-6
    levels = torch.randint(0, 2**16, (200_000,), generator=torch.Generator().manual_seed(4)) / 2.0**15 - 1
    assert resolution(summarize(levels), Uniform(-1, 1)).p_value < 1e-6


def test_nothing_is_no_evidence() -> None:
    assert resolution(summarize(torch.empty(0)), Normal(0, 1)).p_value == 1.0
