"""Dead and saturated shares against simulation and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.silence import dead_null, saturated_share


@pytest.mark.parametrize("name", ["relu", "relu6", "hardtanh", "softshrink", "hardsigmoid"])
@pytest.mark.parametrize("c", [0.0, 0.6, 0.97])
def test_dead_null_against_simulation(name: str, c: float) -> None:
    rng = np.random.default_rng(2)
    n, inputs, q = 200_000, 8, 0.3 if name == "softshrink" else 4.0
    z = rng.standard_normal((n, 1))
    h = math.sqrt(q) * (math.sqrt(c) * z + math.sqrt(1 - c) * rng.standard_normal((n, inputs)))
    seen = (activation(name).derivative(h) == 0).all(axis=1).mean()
    null = dead_null(activation(name), math.log(q), c, inputs)
    assert abs(seen - null) < 5 * math.sqrt(max(null, 1e-5) / n)


def test_half_of_all_relus_are_inactive_once_inputs_are_alike() -> None:
    relu = activation("relu")
    assert dead_null(relu, 0.0, 1.0, 64) == pytest.approx(0.5, abs=1e-4)
    assert dead_null(relu, 0.0, 0.0, 64) == pytest.approx(2.0**-64, rel=1e-6)
    assert dead_null(relu, -5.0, 0.9, 64) == pytest.approx(dead_null(relu, 5.0, 0.9, 64))
    assert dead_null(activation("tanh"), 0.0, 0.9, 64) == 0.0


@pytest.mark.parametrize(("name", "q"), [("tanh", 7.29), ("sigmoid", 29.1)])
def test_more_than_half_is_saturated_from_here_on(name: str, q: float) -> None:
    f = activation(name)
    below, above = saturated_share(f, math.log(q * 0.99)), saturated_share(f, math.log(q * 1.01))
    assert below is not None
    assert above is not None
    assert below < 0.5 < above


def test_saturated_share_in_closed_form() -> None:
    # tanh' = 1 - tanh^2 < 0.1 beyond |h| = atanh(sqrt(0.9))
    edge = math.atanh(math.sqrt(0.9))
    assert saturated_share(activation("tanh"), math.log(4)) == pytest.approx(
        math.erfc(edge / 2 / math.sqrt(2)), rel=1e-10
    )
    assert saturated_share(activation("hardtanh"), 0.0) == pytest.approx(math.erfc(1 / math.sqrt(2)), rel=1e-10)
    assert saturated_share(activation("relu"), 0.0) is None
