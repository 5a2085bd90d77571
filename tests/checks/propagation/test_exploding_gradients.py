"""A gradient channel that grows is found; a sound one passes."""

from __future__ import annotations

from typing import Any

from embcheck.results import Severity, Skip


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    assert verdict("exploding-gradients", network()) is True
    assert verdict("exploding-gradients", network(init="xavier_normal", activation="tanh")) is True


def test_a_planted_defect_is_caught(network: Any, verdict: Any) -> None:
    assert verdict("exploding-gradients", network(gain=2.0)) is False
    assert verdict("exploding-gradients", network(init="normal", activation="leaky_relu")) is False


def test_vanishing_is_another_rules_business(made: Any, verdict: Any) -> None:
    assert verdict("exploding-gradients", made(gradient=(-9.0, -9.1, -9.2, -9.0))) is True


def test_the_undecided_says_how_many_seeds(made: Any, ask: Any) -> None:
    (skip,) = ask("exploding-gradients", made(gradient=(5.0, 7.0, 5.4, 4.8)), "network")
    assert isinstance(skip, Skip)
    assert "--seeds" in skip.reason


def test_a_gain_error_of_five_percent_is_a_note(network: Any, ask: Any) -> None:
    (certain, drift) = ask("exploding-gradients", network(gain=1.05 * 2**0.5, depth=50, width=256), "network")
    assert certain.holds is True
    assert drift.severity is Severity.NOTE
    assert drift.p_value < 1e-4
    assert "past the limit from depth" in drift.message


def test_torchs_own_advice_for_tanh_is_chaotic(network: Any, verdict: Any) -> None:
    record = network(init="xavier_normal", activation="tanh", gain="auto", depth=50)
    assert verdict("exploding-gradients", record) is False
    assert verdict("exploding-activations", record) is True
