"""Saturated units of a user's model: by scale and not by offset; softmaxes that pick one key."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

RULE = "saturated-units"


def unrolled(bound: float) -> nn.Module:
    class RNN(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.i2h, self.h2h, self.act = nn.Linear(20, 64), nn.Linear(64, 64), nn.Tanh()
            for layer in (self.i2h, self.h2h):
                nn.init.uniform_(layer.weight, -bound, bound)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = x.new_zeros(x.shape[0], 64)
            for t in range(x.shape[1]):
                h = self.act(self.i2h(x[:, t]) + self.h2h(h))
            return h

    return RNN()


def test_units_of_an_unrolled_network(failing) -> None:
    x = (torch.randn(8, 5, 20),)
    assert not failing(RULE, unrolled(0.125), inputs=x)
    (outcome,) = failing(RULE, unrolled(1.0), inputs=x).values()
    assert outcome.measured > 0.5
    assert outcome.severity.value == "warning"


def test_an_offset_may_hold_units_on_the_flat_part(failing) -> None:
    """RetinaNet's prior: a bias of -ln 99 leaves the slope of every sigmoid at 4%."""
    head = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 40), nn.Sigmoid())
    nn.init.normal_(head[2].weight, std=0.01)
    nn.init.constant_(head[2].bias, -math.log(99))
    assert not failing(RULE, head, inputs=(torch.randn(32, 16),))


def test_relu6_is_not_saturated_by_its_lower_side(failing) -> None:
    net = nn.Sequential(nn.Linear(16, 64), nn.ReLU6(), nn.Linear(64, 2))
    nn.init.normal_(net[0].weight, std=0.5)
    assert not failing(RULE, net, inputs=(torch.randn(32, 16),))


class Attention(nn.Module):
    def __init__(self, scale: float, d: int = 128) -> None:
        super().__init__()
        self.q, self.k, self.scale = nn.Linear(d, d), nn.Linear(d, d), scale
        for layer in (self.q, self.k):
            nn.init.normal_(layer.weight, std=d**-0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.q(x) @ self.k(x).transpose(1, 2) * self.scale, -1) @ x


def test_attention_that_picks_single_keys(failing) -> None:
    x = (torch.randn(2, 32, 128),)
    assert not failing(RULE, Attention(128**-0.5), inputs=x)
    (outcome,) = failing(RULE, Attention(1.0), inputs=x).values()
    # scores of std sqrt(128) = 11.3; 1 - sqrt(2 ln 32) / 11.3 = 0.77 in the limit of many keys
    assert outcome.measured == pytest.approx(1 - math.sqrt(2 * math.log(32) / 128), abs=0.08)


def test_trained_attention_may_be_sharp(failing) -> None:
    net = Attention(1.0)
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(torch.sign(p) * p.abs() ** 1.5 * 3)
    assert not failing(RULE, net, inputs=(torch.randn(2, 32, 128),))
