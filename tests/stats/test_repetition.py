from __future__ import annotations

import math

import pytest
import torch

from embcheck.laws.families import Normal, Uniform
from embcheck.stats.repetition import coincidence, coincidence_within, repeated_slices, repeated_stretch

C = 1e-7


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20260103)


@pytest.mark.parametrize(("law", "dtype"), [(Uniform(0.0, 1.0), "bfloat16"), (Normal(0.0, 1.0), "bfloat16"),
                                            (Normal(0.0, 0.02), "float16")])  # fmt: skip
def test_coincidence_is_twice_the_share_of_equal_pairs(law, dtype) -> None:
    q = torch.rand(2, 4_000_000, dtype=torch.float64).numpy()
    one, other = (torch.from_numpy(law.ppf(x)).to(getattr(torch, dtype)) for x in q)
    assert coincidence(law, dtype) == pytest.approx(2 * float((one == other).double().mean()), rel=0.05)


@pytest.mark.parametrize("dim", range(5))
def test_slices_along_every_dimension(dim) -> None:
    x = torch.randn(6, 5, 4, 7, 3)
    assert repeated_slices(x, dim, C).count == 0
    x.select(dim, 2).copy_(x.select(dim, 0))
    found = repeated_slices(x, dim, C)
    assert (found.count, {found.first, found.second}) == (1, {0, 2})
    assert found.p_value < 1e-100
    for other in set(range(5)) - {dim}:
        assert repeated_slices(x, other, C).count == 0


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_other_dtypes_and_strides(dtype) -> None:
    x = torch.randn(40, 30).to(dtype).t()
    assert repeated_slices(x, 0, C).count == 0
    x[4] = x[9]
    assert repeated_slices(x, 0, C).count == 1


def test_the_chance_of_a_coincidence_is_asked_for_where_there_is_one() -> None:
    asked = []
    x = torch.randn(30, 8)
    assert repeated_slices(x, 0, lambda: asked.append(1) or C).count == 0
    assert not asked
    x[7] = x[3]
    assert repeated_slices(x, 0, lambda: asked.append(1) or C) == repeated_slices(x, 0, C)
    assert asked


def test_same_fingerprint_is_not_yet_the_same_slice() -> None:
    x = torch.zeros(10, 1000)
    x[torch.arange(10), torch.arange(10) + 500] = 1.0  # eight probes see zeros only
    assert repeated_slices(x, 0, C).count == 0


def test_constant_slices_can_be_left_out() -> None:
    x = torch.randn(10, 8)
    x[3] = x[5] = 0.0
    assert repeated_slices(x, 0, C).count == 1
    assert repeated_slices(x, 0, C, constant=False).count == 0


def test_p_value_bounds_the_chance() -> None:
    """Pairs of 3-bit numbers: the share of draws with any equal rows stays below the p-value."""
    c, rows, columns = 1 / 8, 6, 4
    p = repeated_slices(torch.zeros(rows, columns), 0, c).p_value
    assert p == pytest.approx(15 * c**4)
    hits = 0
    for _ in range(4000):
        hits += repeated_slices(torch.randint(0, 8, (rows, columns)).float(), 0, c).count > 0
    assert hits / 4000 <= p + 4 * math.sqrt(p / 4000)


@pytest.mark.parametrize("shape", [(1, 5), (0, 4), (5, 0), (0,), (3,)])
def test_small_and_empty(shape) -> None:
    assert repeated_slices(torch.randn(shape), 0, C).count == 0


@pytest.mark.parametrize("period", [7, 1000, 4999, 9000])
def test_generator_that_starts_over(period) -> None:
    x = torch.randn(period).repeat(10_000 // period + 1)[:10_000]
    found = repeated_stretch(x, C)
    assert found.second - found.first == period
    assert found.count == 10_000 - period
    assert found.p_value < 1e-20


def test_copied_half_is_found_and_noise_is_not() -> None:
    x = torch.randn(10_000)
    assert repeated_stretch(x, C).p_value == 1
    x[6000:9000] = x[:3000]
    assert repeated_stretch(x, C).p_value < 1e-20
    assert repeated_stretch(torch.randn(20), C).p_value == 1


def test_coarse_dtype_repeats_by_chance() -> None:
    x = torch.rand(100_000).to(torch.bfloat16)
    assert repeated_stretch(x, coincidence(Uniform(0.0, 1.0), "bfloat16")).p_value > 1e-6


def test_coincidence_within_rows() -> None:
    assert coincidence_within(torch.randn(100, 50)) == 0
    assert coincidence_within(torch.randn(1, 50).repeat(100, 1)) == 0  # equal rows do not vouch for each other
    bits = coincidence_within(torch.randint(0, 2, (200, 300)).float())
    assert 0.5 <= bits < 0.55
    assert coincidence_within(torch.zeros(3, 1)) == 0
