from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import stats

from embcheck.stats.correlation import (
    among_columns,
    correlation_p,
    lag_correlation,
    shared_by_group,
    smallest_correlation,
)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20260102)


@pytest.mark.parametrize(("r", "pairs"), [(0.0, 10), (0.3, 50), (-0.05, 10_000), (0.9, 5)])
def test_p_value_is_pearsons(r, pairs) -> None:
    t = r * math.sqrt((pairs - 2) / (1 - r * r))
    assert correlation_p(r, pairs) == pytest.approx(2 * stats.t.sf(abs(t), pairs - 2), rel=1e-9)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("lag", [1, 7, 100])
def test_lag_equals_the_definition(dtype, lag) -> None:
    x = (torch.randn(5000, dtype=torch.float64) + 0.5).to(dtype)
    y = x.double().numpy()
    due = np.mean((y[:-lag] - y.mean()) * (y[lag:] - y.mean())) / y.var()
    assert lag_correlation(x, lag, y.mean(), y.std()).correlation == pytest.approx(due, abs=1e-5)


def test_moving_average_is_caught() -> None:
    x = torch.randn(20_001)
    x = x[1:] + 0.1 * x[:-1]  # lag-1 correlation 0.1/1.01
    found = lag_correlation(x, 1, float(x.mean()), float(x.std(correction=0)))
    assert found.correlation == pytest.approx(0.1 / 1.01, abs=0.03)
    assert found.p_value < 1e-20


def test_f_test_is_one_way_anova() -> None:
    x = torch.randn(12, 40, dtype=torch.float64) + torch.linspace(0, 1, 12)[:, None]
    found = shared_by_group(x.mean(1), 40, float(x.std(correction=0)), "rows")
    f, p = stats.f_oneway(*x.numpy())
    assert found.p_value == pytest.approx(2 * p, rel=1e-6)
    assert found.correlation == pytest.approx((f - 1) / (f - 1 + 40), rel=1e-9)


def test_rows_centred_one_by_one_are_caught() -> None:
    x = torch.randn(50, 40)
    x -= x.mean(1, keepdim=True)
    assert shared_by_group(x.mean(1), 40, float(x.std(correction=0)), "rows").p_value < 1e-30


@pytest.mark.parametrize("draw", [torch.randn, torch.rand], ids=["normal", "uniform"])
def test_false_alarms_are_nominal(draw) -> None:
    lags, rows = [], []
    for _ in range(2000):
        x = draw(16, 16)
        mean, std = float(x.mean()), float(x.std(correction=0))
        lags.append(lag_correlation(x.flatten(), 1, mean, std).p_value)
        rows.append(shared_by_group(x.mean(1), 16, std, "rows").p_value)
    for p in map(np.array, (lags, rows)):
        for level in (0.1, 0.01):
            assert abs((p <= level).mean() - level) <= 0.15 * level + 4 * math.sqrt(level / p.size)


def test_one_row_or_constant_groups() -> None:
    assert shared_by_group(torch.randn(1), 10, 1.0, "rows").p_value == 1
    assert shared_by_group(torch.tensor([0.0, 1.0]), 10, 0.5, "rows").p_value == 0  # no variation within at all


def test_smallest_effects() -> None:
    due = (stats.norm.isf(5e-7) + stats.norm.isf(0.1)) / 100
    assert smallest_correlation(10_000, 1e-6) == pytest.approx(due, rel=1e-9)


def test_two_columns_are_pearsons_test() -> None:
    table = torch.randn(400, 2, dtype=torch.float64)
    table[:, 1] += 0.1 * table[:, 0]
    found = among_columns(table)
    r, p = stats.pearsonr(table[:, 0].numpy(), table[:, 1].numpy())
    assert found.correlation == pytest.approx(r, rel=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(399 * r * r, 1), rel=1e-9)
    assert found.p_value == pytest.approx(p, rel=0.05)


@pytest.mark.parametrize("draw", [torch.randn, torch.rand])
def test_narrow_tables_of_independent_draws_pass(draw) -> None:
    hits = sum(among_columns(draw(100, 12)).p_value <= 0.01 for _ in range(1000))
    assert hits <= 25  # binomial(1000, 0.01): more than 25 has a chance of 2e-5


def test_a_low_rank_narrow_table_is_seen() -> None:
    table = torch.randn(100, 4) @ torch.randn(4, 12) + 0.3 * torch.randn(100, 12)
    assert among_columns(table).p_value < 1e-12
