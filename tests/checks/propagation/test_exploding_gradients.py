"""A gradient that grows alone; what all channels share is in `test_channels`."""

from __future__ import annotations

from typing import Any


def test_torchs_own_advice_for_tanh_is_chaotic(network: Any, verdict: Any) -> None:
    record = network(init="xavier_normal", activation="tanh", gain="auto", depth=50)
    assert verdict("exploding-gradients", record) is False
    assert verdict("exploding-activations", record) is True
