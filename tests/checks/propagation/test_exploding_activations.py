"""A forward channel that grows is found; a sound one passes."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.results import Severity, Skip
from embcheck.subjects.state import poisoned


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    assert verdict("exploding-activations", network()) is True
    assert verdict("exploding-activations", network(init="xavier_normal", activation="tanh")) is True


def test_a_planted_defect_is_caught(network: Any, verdict: Any) -> None:
    assert verdict("exploding-activations", network(gain=2.0)) is False
    assert verdict("exploding-activations", network(init="normal", activation="leaky_relu")) is False


def test_vanishing_is_another_rules_business(made: Any, verdict: Any) -> None:
    assert verdict("exploding-activations", made(forward=(-9.0, -9.1, -9.2, -9.0))) is True


def test_the_undecided_says_how_many_seeds(made: Any, ask: Any) -> None:
    (skip,) = ask("exploding-activations", made(forward=(5.0, 7.0, 5.4, 4.8)), "network")
    assert isinstance(skip, Skip)
    assert "--seeds" in skip.reason


def test_a_gain_error_of_five_percent_is_a_note(network: Any, ask: Any) -> None:
    (certain, drift) = ask("exploding-activations", network(gain=1.05 * 2**0.5, depth=50, width=256), "network")
    assert certain.holds is True
    assert drift.severity is Severity.NOTE
    assert drift.p_value < 1e-4
    assert "past the limit from depth" in drift.message


def test_overflow_of_the_networks_own_dtype(made: Any, verdict: Any) -> None:
    assert verdict("exploding-activations", made(forward=(21.0,) * 4, dtype="float16", limit=40.0)) is False
    assert verdict("exploding-activations", made(forward=(21.0,) * 4, dtype="float32", limit=40.0)) is True


def test_the_first_layer_that_is_not_finite_is_named(network: Any, ask: Any) -> None:
    found = ask("exploding-activations", network(init="normal", activation="relu2", depth=10), "network")
    assert any("layer" in e.message and "NaN or infinity" in e.message for e in found)


def test_memory_that_waits_to_be_filled_is_no_overflow() -> None:
    class Gathers(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(32, 32) for _ in range(3)])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for layer in self.layers:
                waiting = x.new_empty(x.shape)
                waiting[:] = layer(x)
                x = waiting
            return x

    with poisoned():
        report = audit(Gathers(), inputs=(torch.randn(8, 32),), select=["exploding-activations"])
    assert not [o for o in report.outcomes if "not finite" in o.subject and o.status.value == "fail"]
