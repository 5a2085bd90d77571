"""Traces of training in the structure of a matrix."""

import math

import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.identification.independence import independence


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def p_of(matrix, law=None):
    return independence(matrix, law or Normal(), float(matrix.double().mean()), float(matrix.double().std())).p_value


@pytest.mark.parametrize("shape", [(32, 32), (40, 100), (16, 8, 3, 3), (700,), (100, 12)], ids=str)
@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_independent_entries_pass(shape, kind):
    """100 matrices at level 0.05: the bound of Bonferroni holds for normals and for uniforms."""
    refused = 0
    for seed in range(100):
        generator = torch.Generator().manual_seed(seed)
        if kind == "normal":
            refused += p_of(torch.randn(*shape, generator=generator)) < 0.05
        else:
            refused += p_of(torch.rand(*shape, generator=generator) * 2 - 1, Uniform(-1, 1)) < 0.05
    assert refused <= stats.binom.isf(1e-6, 100, 0.05)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64], ids=str)
@pytest.mark.parametrize(
    ("label", "matrix"),
    [
        ("low rank", normal(256, 32) @ normal(32, 300, seed=1) / math.sqrt(32)),
        ("spike", normal(256, 300) + 0.3 * normal(256, 1, seed=1) @ normal(1, 300, seed=2)),
        ("row means", normal(256, 300) + 0.3 * normal(256, 1, seed=1)),
        ("column means", normal(256, 300) + 0.3 * normal(1, 300, seed=1)),
        ("row scales", normal(256, 300) * torch.exp(0.3 * normal(256, 1, seed=1))),
        ("column scales", normal(256, 300) * torch.exp(0.3 * normal(1, 300, seed=1))),
        ("rows normalised", torch.nn.functional.normalize(normal(3000, 300))),
        ("two equal rows", torch.cat([normal(255, 300), normal(255, 300)[:1]])),
        ("second half is the first", normal(160, 300).repeat(2, 1)),
        ("sorted vector", normal(1000).sort().values),
        ("line", torch.linspace(-1, 1, 4096).view(64, 64)),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_structure_is_seen(label, matrix, dtype):
    assert p_of(matrix.to(dtype)) < 1e-4


def test_it_says_what_it_saw():
    found = independence(normal(160, 300).repeat(2, 1), Normal(), 0.0, 1.0)
    assert "rows, which equal others" in found.worst


@pytest.mark.parametrize("turned", [False, True])
def test_a_narrow_table_of_low_rank_is_told_from_a_draw(turned):
    """What a small recommender learns: 12 features of which 4 are independent."""
    table = normal(200, 4) @ normal(4, 12, seed=1) + 0.2 * normal(200, 12, seed=2)
    assert p_of(table.T if turned else table) < 1e-12
