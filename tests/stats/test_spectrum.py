from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from embcheck.stats.spectrum import edge, largest_singular_value


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20260101)


def test_edge_is_near_marchenko_pasturs() -> None:
    centre, scale = edge(1000, 400)
    assert math.sqrt(centre) == pytest.approx(math.sqrt(1000) + math.sqrt(400), rel=1e-3)
    assert scale == pytest.approx((math.sqrt(1000) + 20) * (1 / math.sqrt(1000) + 1 / 20) ** (1 / 3), rel=2e-3)


@pytest.mark.parametrize("shape", [(64, 100), (100, 64), (128, 128)])
def test_singular_value_is_lapacks(shape) -> None:
    x = torch.randn(shape, dtype=torch.float64) * 0.02 + 0.5
    found = largest_singular_value(x, float(x.mean()))
    assert found is not None
    due = np.linalg.svd((x - x.mean()).numpy(), compute_uv=False)[0] / float(x.std(correction=0))
    assert found.largest == pytest.approx(due, rel=1e-9)
    assert (found.rows, found.columns) == shape


@pytest.mark.parametrize(
    ("draw", "kurtosis"),
    [(torch.randn, 3.0), (lambda *s: torch.rand(*s) - 0.5, 1.8), (lambda *s: torch.randn(*s).to(torch.bfloat16), 3.0)],
    ids=["normal", "uniform", "bfloat16"],
)
@pytest.mark.parametrize("shape", [(16, 16), (32, 200), (100, 100)])
def test_false_alarms_are_at_most_nominal(draw, kurtosis, shape) -> None:
    p = np.array([largest_singular_value(draw(*shape), 0.0, kurtosis).p_value for _ in range(1000)])
    for level in (0.05, 0.01):
        assert (p <= level).mean() <= 1.15 * level + 4 * math.sqrt(level / p.size)


def test_rank_one_component_is_caught() -> None:
    x = torch.randn(256, 256)
    spike = torch.outer(torch.randn(256), torch.randn(256)) * 0.15  # 0.15 * 256 = 38 beside an edge of 32
    found = largest_singular_value(x + spike, 0.0)
    assert found is not None
    assert found.p_value < 1e-6


def test_orthogonal_matrix_is_caught_by_its_small_edge() -> None:
    found = largest_singular_value(torch.nn.init.orthogonal_(torch.empty(128, 128)), 0.0)
    assert found is not None
    assert found.largest == pytest.approx(math.sqrt(128), rel=1e-2)  # of an edge of 22.6
    assert found.p_value < 1e-100


def test_scale_and_shift_are_no_correlation() -> None:
    x = torch.randn(128, 256)
    plain = largest_singular_value(x, float(x.mean()))
    moved = largest_singular_value(3 * x + 7, float(3 * x.mean() + 7))
    assert plain is not None
    assert moved is not None
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-2)


def test_large_matrix_is_read_in_part() -> None:
    found = largest_singular_value(torch.randn(1000, 300), 0.0)
    assert found is not None
    assert found.columns <= 128
    assert found.rows == 1000


@pytest.mark.parametrize("matrix", [torch.randn(15, 100), torch.zeros(20, 20), torch.full((20, 20), 2.0)])
def test_nothing_to_say(matrix) -> None:
    assert largest_singular_value(matrix, float(matrix.mean())) is None or matrix.std() > 0
