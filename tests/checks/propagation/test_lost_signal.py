"""Inputs that differ by less than rounding."""

from __future__ import annotations

from typing import Any

import pytest
import torch


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    for dtype in (torch.float32, torch.bfloat16):
        assert verdict("lost-signal", network(dtype=dtype)) is True


@pytest.mark.parametrize(("dtype", "layer"), [(torch.float32, 23), (torch.bfloat16, 10), (torch.float16, 12)])
def test_default_layers_lose_it(network: Any, ask: Any, dtype: torch.dtype, layer: int) -> None:
    """s/q falls to 1/6 a layer once the biases rule q: u^2 is crossed where theory says, give or take two layers."""
    (evidence,) = ask("lost-signal", network(init="default", width=256, dtype=dtype), "network")
    assert evidence.holds is False
    assert abs(evidence.measured - layer) <= 2
