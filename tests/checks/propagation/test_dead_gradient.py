"""Gradients below what an optimizer can use."""

from __future__ import annotations

import math
from typing import Any

from embcheck.results import Skip


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    assert verdict("dead-gradient", network()) is True
    assert verdict("dead-gradient", network(init="xavier_normal", activation="tanh")) is True


def test_sigmoid_layers_are_caught(network: Any, verdict: Any, ask: Any) -> None:
    record = network(init="xavier_normal", activation="sigmoid", depth=40)
    assert verdict("dead-gradient", record) is False
    (evidence,) = ask("dead-gradient", record, "network")
    # ln 1e-16 / ln 0.0557 = 12.8 layers below the last (the weight sees the activation's power of 1/4 too)
    layers = int(evidence.message.split("layers 1 to ")[1].split()[0])
    assert 40 - layers in {12, 13, 14}


def test_exact_zero_is_certain(made: Any, ask: Any) -> None:
    (evidence,) = ask("dead-gradient", made(gradient=(-math.inf, 0.0, 0.0)), "network")
    assert evidence.holds is False
    assert "1 of 3 seeds" in evidence.message


def test_nothing_measured_is_skipped(made: Any, ask: Any) -> None:
    (skip,) = ask("dead-gradient", made(gradient=(math.nan,) * 3), "network")
    assert isinstance(skip, Skip)
