"""Inputs that differ by less than rounding."""

from __future__ import annotations

from typing import Any

import pytest


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    for dtype in ("float32", "bfloat16"):
        assert verdict("lost-signal", network(dtype=dtype)) is True


@pytest.mark.parametrize(("dtype", "layer"), [("float32", 23), ("bfloat16", 10), ("float16", 12)])
def test_default_layers_lose_it(network: Any, ask: Any, dtype: str, layer: int) -> None:
    """s/q falls to 1/6 a layer once the biases rule q: u^2 is crossed where theory says, give or take two layers."""
    (evidence,) = ask("lost-signal", network(init="default", width=256, dtype=dtype), "network")
    assert evidence.holds is False
    assert abs(evidence.measured - layer) <= 2
