"""Dead and saturated units of a model, beside what chance leaves."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from embcheck.propagation.traced.trace import trace
from embcheck.propagation.traced.unit_records import unit_records


def net(bias: float = 0.0, gain: float = math.sqrt(2), activation: type[nn.Module] = nn.ReLU) -> nn.Module:
    layer = nn.Linear(64, 400)
    nn.init.normal_(layer.weight, std=gain / 8)
    nn.init.constant_(layer.bias, bias)
    return nn.Sequential(layer, activation())


def test_dead_units_and_their_null() -> None:
    torch.manual_seed(0)
    alike = torch.randn(1, 64) + 0.1 * torch.randn(16, 64)
    (record,) = unit_records([trace(net(), (alike,))])
    assert record.dead == pytest.approx(record.dead_null, abs=0.08)  # 400 units: 3 sd of a fraction are 0.07
    assert record.dead_most == pytest.approx(0.5)
    (record,) = unit_records([trace(net(), (torch.randn(16, 64),))])
    assert record.dead == 0
    assert record.dead_null == pytest.approx(0.5**16, abs=1e-3)
    (record,) = unit_records([trace(net(bias=-9.0), (alike,))])
    assert record.dead == 1


def test_saturated_units_beside_gaussian_ones() -> None:
    """tanh has |phi'| < 0.1 for |h| > atanh(sqrt 0.9) = 1.8184; for h ~ N(0, 16) that is 64.9%."""
    torch.manual_seed(0)
    x = torch.randn(256, 64)
    x = x / x.square().mean(dim=1, keepdim=True).sqrt()
    (record,) = unit_records([trace(net(gain=4.0, activation=nn.Tanh), (x,))])
    assert record.saturated_theory == pytest.approx(math.erfc(1.8184 / 4 / math.sqrt(2)), rel=0.02)
    assert record.saturated == pytest.approx(record.saturated_theory, abs=0.03)
    assert record.dead is None


def test_builds_are_averaged_and_give_an_interval() -> None:
    traces = []
    for seed in range(3):
        torch.manual_seed(seed)
        traces.append(trace(net(), (torch.randn(1, 64) + 0.1 * torch.randn(16, 64),)))
    (record,) = unit_records(traces)
    single = [unit_records([t])[0].dead for t in traces]
    assert record.dead == pytest.approx(sum(s for s in single if s is not None) / 3)
    assert record.dead_error is not None
    assert record.dead_error > 0
    assert unit_records(traces[:1])[0].dead_error is None


def test_activations_that_never_give_zero_have_no_dead_units() -> None:
    assert not unit_records([trace(net(activation=nn.GELU), (torch.randn(4, 64),))])
