"""Overflow and what is not finite; what all channels share is in `test_channels`."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.subjects.state import poisoned


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
