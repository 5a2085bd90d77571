"""A forward channel that shrinks below the numbers of its dtype; what all channels share is in `test_channels`."""

from __future__ import annotations

from typing import Any


def test_underflow_of_the_networks_own_dtype(made: Any, verdict: Any) -> None:
    assert verdict("vanishing-activations", made(forward=(-5.0,) * 4, dtype="float16")) is True
    low = {"log_weight_gradient": 0.0}
    record = made(forward=(0.0,) * 4, dtype="float16", layer=low)
    assert verdict("vanishing-activations", record) is True
    assert verdict("vanishing-activations", made(forward=(-30.0,) * 4, dtype="float16", limit=40.0)) is False
    assert verdict("vanishing-activations", made(forward=(-30.0,) * 4, dtype="float32", limit=40.0)) is True
