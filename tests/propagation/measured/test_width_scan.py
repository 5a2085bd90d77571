"""Exponents against width: the standard parametrization fails where mup does not."""

from __future__ import annotations

import math

import pytest

from embcheck.propagation.measured.width_scan import Exponent, Scan, _exponent, scan_widths
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.weights import Bias, Initializer


def exponents(**kwargs) -> dict[tuple[int, str], Exponent]:
    scan = Scan(activation("relu"), Initializer("default"), Bias("0"), (32, 64, 128, 256), steps=1, **kwargs)
    return {(e.step, e.layer): e for e in scan_widths(scan)}


def test_the_standard_parametrization_grows_after_one_adam_step() -> None:
    found = exponents()
    assert found[0, "hidden 2"].verdict == "stable"
    assert found[1, "hidden 3"].verdict == "grows"
    assert found[1, "output"].verdict == "grows"
    assert found[1, "output"].exponent > 1


def test_mup_does_not() -> None:
    found = exponents(parametrization="mup")
    for key, e in found.items():
        assert e.verdict in {"stable", "inconclusive"}, (key, e)
    assert abs(found[1, "output"].exponent) < 0.4
    # std 1/width at the output: |logit| falls as width^-1/2 at init
    assert found[0, "output"].exponent == pytest.approx(-0.5, abs=0.25)


def test_verdicts_on_made_up_slopes() -> None:
    assert _exponent(1, "hidden 1", [0.01, -0.01, 0.02]).verdict == "stable"
    assert _exponent(1, "hidden 1", [0.5, 0.52, 0.49]).verdict == "grows"
    assert _exponent(1, "hidden 1", [-0.5, -0.52, -0.49]).verdict == "shrinks"
    assert _exponent(0, "output", [-0.5, -0.52, -0.49]).verdict == "stable"
    assert _exponent(1, "output", [-0.5, 0.5, 0.0]).verdict == "inconclusive"
    assert _exponent(1, "output", [math.inf, 1.0]).verdict == "grows"
