"""The trajectory against closed forms, and at depths where doubles end."""

from __future__ import annotations

import math

import pytest

from embcheck.propagation.theory.activations import NAMES, activation
from embcheck.propagation.theory.trajectory import Step, add, follow


def test_relu_is_geometric_in_every_channel() -> None:
    path = follow(activation("relu"), [Step(1.0)] * 30)
    for channel in (path.log_q, path.log_t):
        assert channel[-1] - channel[0] == pytest.approx(-29 * math.log(2), rel=1e-13)
    assert path.log_g[0] == pytest.approx(-29 * math.log(2), rel=1e-13)


def test_the_default_linear_layer_plateaus_at_its_bias() -> None:
    n = 512
    path = follow(activation("relu"), [Step(1 / 3, 1 / (3 * n))] * 50)
    assert math.exp(path.log_q[-1]) == pytest.approx(2 / (5 * n), rel=1e-12)
    assert path.log_s[-1] - path.log_s[40] == pytest.approx(9 * math.log(1 / 6), rel=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_ten_thousand_layers_are_numbers_or_honest_infinities(name: str) -> None:
    for sw in (0.5, 1.0, 3.0):
        path = follow(activation(name), [Step(sw)] * (10_000 if activation(name).homogeneous else 60))
        for channel in (path.log_q, path.log_s, path.log_t):
            assert not any(math.isnan(x) for x in channel)


def test_algebraic_decay_on_the_edge_of_chaos() -> None:
    """Hayou et al. 2019: 1 - c ~ 9 pi^2 / (2 l^2) for ReLU on its edge of chaos."""
    path = follow(activation("relu"), [Step(2.0)] * 10_000)
    assert 1e8 * math.exp(path.log_s[-1] - path.log_q[-1]) == pytest.approx(9 * math.pi**2 / 2, rel=5e-3)


def test_bias_alone() -> None:
    path = follow(activation("relu"), [Step(0.0, 0.3)] * 3)
    assert path.log_q == pytest.approx([math.log(0.3)] * 3)
    assert path.log_s == (-math.inf,) * 3


def test_log_add() -> None:
    assert add(-math.inf, -math.inf) == -math.inf
    assert add(math.log(2), math.log(3)) == pytest.approx(math.log(5))
    assert add(5000.0, -5000.0) == 5000.0
    assert add(math.inf, 1.0) == math.inf
