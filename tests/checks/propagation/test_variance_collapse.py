"""Inputs that become alike while the activations look healthy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from embcheck.results import Severity, Skip


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    assert verdict("variance-collapse", network(depth=50)) is True
    assert verdict("variance-collapse", network(init="xavier_normal", activation="tanh")) is True


def test_the_two_that_forward_variance_calls_healthy(network: Any, verdict: Any) -> None:
    for record in (network(init="xavier_normal", activation="sigmoid"), network(init="default", activation="relu")):
        assert verdict("variance-collapse", record) is False
        assert verdict("exploding-activations", record) is True


def test_depth_alone_is_a_warning(network: Any, ask: Any) -> None:
    """On the edge of chaos 1 - c falls as 9 pi^2 / (2 l^2), whatever the weights; narrow networks stop it earlier."""
    record = network()
    record = replace(record, signal=replace(record.signal, totals=(-8.0, -8.1, -8.2, -7.9)))
    (evidence,) = ask("variance-collapse", record, "network")
    assert evidence.holds is False
    assert evidence.severity is Severity.WARNING


def test_a_signal_that_falls_with_everything_else_is_not_a_collapse(network: Any, verdict: Any) -> None:
    """Linear layers shrink inputs and their differences alike."""
    assert verdict("variance-collapse", network(init="xavier_normal", activation="linear", gain=0.5)) is True


def test_the_undecided_is_skipped(made: Any, ask: Any) -> None:
    (skip,) = ask("variance-collapse", made(signal=(-5.0, -7.0, -5.4, -4.8)), "network")
    assert isinstance(skip, Skip)
    (skip,) = ask("variance-collapse", made(forward=(float("-inf"),) * 4), "network")
    assert isinstance(skip, Skip)
