"""Gains by theory: closed forms for the scale-free, and an honest no where no gain holds."""

from __future__ import annotations

import math

import pytest

from embcheck.propagation.request import configurations
from embcheck.propagation.theory.find_gain import find_gain


def gains(activation: str, depth: int = 50, limit: float = 6.0, **kwargs):
    (c,) = configurations(depth, 512, "kaiming_normal", activation, **kwargs)
    return {g.channel: g for g in find_gain(c, limit)}


def test_relu_in_closed_form() -> None:
    """ln(g^2 / 2) a layer: kept for |49 ln(g^2/2)| <= 6."""
    found = gains("relu")
    for channel in ("forward", "gradient"):
        g = found[channel]
        assert g.gain == pytest.approx(math.sqrt(2), rel=1e-6)
        assert g.low == pytest.approx(math.sqrt(2 * math.exp(-6 / 49)), rel=1e-5)
        assert g.high == pytest.approx(math.sqrt(2 * math.exp(6 / 49)), rel=1e-5)
        assert not g.repels
    assert found["all three"].gain == pytest.approx(math.sqrt(2), rel=1e-6)
    assert found["all three"].low == found["signal"].low


def test_selu_keeps_forward_at_one() -> None:
    assert gains("selu", depth=20)["forward"].gain == pytest.approx(1.0, rel=1e-5)


def test_gelu_is_kept_only_by_balance() -> None:
    found = gains("gelu", depth=30)
    assert found["forward"].repels
    assert found["forward"].sensitivity > 1


def test_at_a_great_depth_no_gain_keeps_gelu() -> None:
    assert gains("gelu", depth=120, limit=2.0)["all three"].gain is None


def test_weights_without_a_mean_field_have_no_gain() -> None:
    (c,) = configurations(5, 16, "ones", "relu")
    assert find_gain(c, 6.0) == ()


def test_tighter_limits_leave_narrower_intervals() -> None:
    wide, narrow = gains("relu")["forward"], gains("relu", limit=1.0)["forward"]
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low < math.sqrt(2)
