"""Dead units beyond what chance explains; half of all ReLUs inactive is chance."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    for seed in range(3):
        assert verdict("dead-signal", network(seed=seed, depth=50)) is True
    assert verdict("dead-signal", network(activation="hardtanh", init="xavier_normal")) is True
    # default layers: inputs become alike and half of all units are off for all of them
    assert verdict("dead-signal", network(init="default")) is True


def test_a_negative_bias_kills(network: Any, verdict: Any, ask: Any) -> None:
    record = network(bias="normal(-3, 0.01)")
    assert verdict("dead-signal", record) is False
    (evidence,) = ask("dead-signal", record, "network")
    assert evidence.measured > 0.9


def test_a_threshold_above_the_signal_kills_for_certain(network: Any, ask: Any) -> None:
    (evidence,) = ask("dead-signal", network(init="xavier_normal", gain=0.05, activation="softshrink"), "network")
    assert evidence.holds is False
    assert "exactly zero" in evidence.message


def test_activations_that_cannot_die_are_not_asked(network: Any, verdict: Any) -> None:
    assert verdict("dead-signal", network(activation="gelu")) is None


def test_one_seed_needs_a_larger_excess(network: Any, ask: Any) -> None:
    (evidence,) = ask("dead-signal", network(seeds=1), "network")
    assert evidence.holds is True


class Conditioned(nn.Module):
    """x * scale(c) + shift(c), where both start at zero or the scale at one."""

    def __init__(self, one: bool, around: bool = False) -> None:
        super().__init__()
        self.emb, self.scale, self.shift = nn.Linear(6, 16), nn.Linear(4, 16), nn.Linear(4, 16)
        self.out, self.around = nn.Linear(16, 3), around
        for layer in (self.scale, self.shift):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        if one:
            nn.init.ones_(self.scale.bias)

    def forward(self, x: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        h = self.emb(x)
        y = h * self.scale(c) + self.shift(c)
        return self.out(h + y if self.around else y)


def test_a_layer_that_is_fed_zeros_which_the_model_made(failing) -> None:
    given = (torch.randn(8, 6), torch.randn(8, 4))
    assert "out" in failing("dead-signal", Conditioned(one=False), inputs=given)
    assert not failing("dead-signal", Conditioned(one=True), inputs=given)
    assert "out" not in failing("dead-signal", Conditioned(one=False, around=True), inputs=given)
    assert not failing("dead-signal", Conditioned(one=True), inputs=(torch.zeros(8, 6), torch.zeros(8, 4)))


class Pooled(nn.Module):
    """A graph's vector: one row, whatever the number of its nodes."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.node, self.graph, self.out = nn.Linear(8, width), nn.Linear(width, width), nn.Linear(width, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(torch.relu(self.graph(self.node(x).mean(0, keepdim=True))))


def test_few_units_behind_a_pooled_batch_are_a_few_coins(failing) -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        assert not failing("dead-signal", Pooled(16), inputs=(torch.randn(10, 8),))
    torch.manual_seed(0)
    dead = Pooled(256)
    nn.init.constant_(dead.graph.bias, -0.5)
    assert failing("dead-signal", dead, inputs=(torch.randn(10, 8),))
