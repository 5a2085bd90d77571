"""Sweeps: sharing, order, and the verdicts that theory derives."""

from __future__ import annotations

import math
from typing import Any

import pytest

from embcheck.propagation.measured.plan import Plan
from embcheck.propagation.measured.sweep import sweep
from embcheck.propagation.request import configurations
from embcheck.propagation.theory.prediction import predict
from embcheck.propagation.verdict import judge


@pytest.mark.parametrize(
    ("activation", "init", "gain", "labels"),
    [
        ("linear", "orthogonal", None, ("stable", "stable", "stable")),
        ("selu", "xavier_normal", None, ("stable", "stable", "stable")),
        ("tanh", "xavier_normal", 5 / 3, ("stable", "stable", "exploding")),
        ("sigmoid", "xavier_normal", None, ("stable", "vanishing", "vanishing")),
        ("gelu", "kaiming_normal", None, ("vanishing", "vanishing", "vanishing")),
        ("relu", "kaiming_uniform", None, ("stable", "stable", "stable")),
    ],
)
def test_verdicts_that_theory_derives(
    measured: Any, activation: str, init: str, gain: float | None, labels: tuple[str, ...]
) -> None:
    record = measured(depth=50, width=192, activation=activation, init=init, gain=gain)
    assert tuple(judge(channel).label for channel in record.channels) == labels


@pytest.mark.parametrize(
    ("activation", "init", "gain"),
    [("relu", "kaiming_normal", None), ("relu", "orthogonal", math.sqrt(2)), ("tanh", "xavier_uniform", 1.5),
     ("gelu", "kaiming_normal", None), ("selu", "xavier_normal", None), ("hardtanh", "trunc_normal(0, 0.09)", None),
     ("softplus", "default", None), ("leaky_relu(0.3)", "kaiming_uniform", None), ("glu", "xavier_normal", None),
     ("relu", "sparse(0.5, 0.15)", None)],
)  # fmt: skip
def test_every_channel_agrees_with_theory(measured: Any, activation: str, init: str, gain: float | None) -> None:
    """z of the mean over seeds against the finite-width prediction; the signal's theory has no finite-width shift."""
    record = measured(depth=16, width=128, activation=activation, init=init, gain=gain, seeds=8)
    forward, signal, gradient = record.channels
    for channel in (forward, gradient):
        assert abs(channel.mean - channel.theory) < 4.5 * channel.sd / math.sqrt(8) + 0.05, channel.name
    assert abs(signal.mean - signal.theory) < 4.5 * signal.sd / math.sqrt(8) + 0.4


def test_the_spread_over_seeds_is_the_predicted_one(measured: Any) -> None:
    record = measured(depth=20, width=64, seeds=60)
    totals = record.forward.totals
    mean = sum(totals) / 60
    sd = math.sqrt(sum((t - mean) ** 2 for t in totals) / 59)
    # one input's; 16 inputs at increasing correlation share most of it
    assert 0.6 * record.forward.sd < sd < 1.3 * record.forward.sd


def test_results_come_in_the_order_asked_and_streams_are_shared() -> None:
    wanted = configurations(4, 16, ["kaiming_normal", "orthogonal"], ["relu", "glu", "tanh"])
    passes: list[int] = []
    found = [c.name for c, _, _ in sweep(wanted, Plan(seeds=2), lambda _, total: passes.append(total))]
    assert found == [c.name for c in wanted]
    # plain and gated activations need weights of different shapes
    assert passes == [8] * 8


def test_rectangular_networks_have_two_slopes(measured: Any) -> None:
    """Glorot and Bengio 2010: forward sees fan_in, backward fan_out; they differ where widths do."""
    record = measured(width="256,64", activation="relu", depth=9, seeds=6)
    (c,) = configurations(9, "256,64")
    theory = predict(c.activation, c.init, c.bias, c.widths)
    assert theory is not None
    # forward: sw2 = 2 everywhere; gradient per coordinate: n_out / n_in at every step, so that it ends in n_L / n_1
    assert theory.path.log_q[-1] == pytest.approx(theory.path.log_q[0])
    assert theory.log_g[0] == pytest.approx(theory.band.mean_t[-1] + math.log(64 / 64))
    assert theory.log_g[1] == pytest.approx(
        theory.band.mean_t[-1] - theory.band.mean_t[1] + math.log(64 / 256), abs=1e-9
    )
    for channel in (record.forward, record.gradient):
        assert abs(channel.mean - channel.theory) < 4.5 * channel.sd / math.sqrt(6) + 0.1
