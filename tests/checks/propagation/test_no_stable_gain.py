"""Gains that hold pass, those kept only by balance are warnings, and where there is none it fails."""

from __future__ import annotations

import math
from typing import Any

import pytest

from embcheck.propagation.request import configurations
from embcheck.propagation.theory.find_gain import find_gain
from embcheck.results import Severity, Skip


def asked(ask: Any, limit: float = 6.0, **wanted: Any) -> list[Any]:
    (c,) = configurations(**wanted)
    return list(ask("no-stable-gain", find_gain(c, limit), "gains"))


def test_relu_has_a_gain_for_every_channel(ask: Any) -> None:
    found = asked(ask, depth=50, activation="relu")
    assert [e.part for e in found] == [" forward", " signal", " gradient", " all three"]
    assert all(e.holds and e.severity is None and not e.fix for e in found)
    assert f"gain {math.sqrt(2):.6g}" in found[0].message


@pytest.mark.parametrize("name", ["gelu", "silu", "hardswish"])
def test_what_is_kept_only_by_balance_is_a_warning(ask: Any, name: str) -> None:
    """V(q)/q increases strictly, so that every zero-bias fixed point repels."""
    *_, joint = asked(ask, depth=30, activation=name)
    assert joint.holds is False
    assert joint.severity is Severity.WARNING
    assert "balance" in joint.message
    assert joint.fix


def test_no_gain_at_all_fails(ask: Any) -> None:
    *_, joint = asked(ask, limit=2.0, depth=120, activation="gelu")
    assert joint.holds is False
    assert joint.severity is None
    assert "no gain" in joint.message


def test_a_residual_stream_takes_every_gain_up_to_one(ask: Any) -> None:
    """A ReLU branch of two layers of gain g adds g^4/4 in power: (1 + g^4/4)^19 = e^6."""
    forward, *_ = asked(ask, depth=20, activation="relu", architecture="residual")
    highest = (4 * math.expm1(6 / 19)) ** 0.25
    assert forward.holds
    assert forward.message.startswith("any gain of up to ")
    assert float(forward.message.split()[5]) == pytest.approx(highest, rel=2e-3)


def test_no_theory_is_a_skip(ask: Any) -> None:
    (only,) = asked(ask, depth=5, init="ones")
    assert isinstance(only, Skip)
