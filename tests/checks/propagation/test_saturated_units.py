"""Most units of a bounded activation on its flat parts."""

from __future__ import annotations

from typing import Any

import pytest


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    for name in ("tanh", "sigmoid", "hardtanh", "softsign"):
        assert verdict("saturated-units", network(init="xavier_normal", activation=name)) is True


@pytest.mark.parametrize(("name", "gain"), [("tanh", 8.0), ("sigmoid", 16.0), ("hardtanh", 4.0)])
def test_weights_that_are_too_large_are_caught(network: Any, verdict: Any, name: str, gain: float) -> None:
    assert verdict("saturated-units", network(init="xavier_normal", activation=name, gain=gain)) is False


def test_the_share_is_theorys(network: Any, ask: Any) -> None:
    (evidence,) = ask("saturated-units", network(init="xavier_normal", activation="tanh", gain=4.0), "network")
    assert evidence.measured == pytest.approx(evidence.expected, abs=0.03)


def test_unbounded_activations_are_not_asked(network: Any, verdict: Any) -> None:
    assert verdict("saturated-units", network()) is None
