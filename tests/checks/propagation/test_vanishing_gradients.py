"""A gradient channel that shrinks is found; a sound one passes; the undecided asks for seeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from embcheck.propagation.verdict import SEVERE
from embcheck.results import Severity, Skip


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    assert verdict("vanishing-gradients", network()) is True
    assert verdict("vanishing-gradients", network(init="xavier_normal", activation="selu")) is True


def test_a_planted_defect_is_caught(network: Any, verdict: Any, ask: Any) -> None:
    record = network(init="xavier_normal", activation="relu")
    assert verdict("vanishing-gradients", record) is False
    (evidence, *_) = ask("vanishing-gradients", record, "network")
    assert "x0.5 a layer" in evidence.message
    assert "gain=1.41421" in evidence.fix


def test_growth_is_another_rules_business(made: Any, verdict: Any) -> None:
    assert verdict("vanishing-gradients", made(gradient=(9.0, 9.1, 9.2, 9.0))) is True


def test_the_undecided_says_how_many_seeds(made: Any, ask: Any) -> None:
    (skip,) = ask("vanishing-gradients", made(gradient=(-5.0, -7.0, -5.4, -4.8)), "network")
    assert isinstance(skip, Skip)
    assert "--seeds" in skip.reason


def test_a_gain_error_of_five_percent_is_a_note(network: Any, ask: Any) -> None:
    record = network(gain=0.95 * 2**0.5, depth=50, width=256)
    (first, drift) = ask("vanishing-gradients", record, "network")
    # a total of -5.5 is so near the limit of 6 that four seeds may leave it undecided; the drift is certain
    assert isinstance(first, Skip) or first.holds is True
    assert drift.severity is Severity.NOTE
    assert drift.p_value < 1e-4


def test_exact_zero(made: Any, verdict: Any) -> None:
    assert verdict("vanishing-gradients", made(gradient=(float("-inf"),) * 4)) is False


def test_one_layer_and_nothing_measured_are_skipped(network: Any, made: Any, ask: Any) -> None:
    (skip,) = ask("vanishing-gradients", network(depth=1), "network")
    assert isinstance(skip, Skip)
    (skip,) = ask("vanishing-gradients", made(gradient=(float("nan"),) * 4), "network")
    assert "not measured" in skip.reason


def test_forward_can_be_flat_while_the_gradient_dies(network: Any, verdict: Any) -> None:
    record = network(init="xavier_normal", activation="sigmoid")
    assert verdict("vanishing-gradients", record) is False
    assert verdict("vanishing-activations", record) is True


@pytest.mark.parametrize(("total", "severity"), [(-9.0, Severity.WARNING), (-16.0, None)])
def test_a_users_model_is_warned_where_such_networks_train(made: Any, ask: Any, total: float, severity: Any) -> None:
    record = made(gradient=(total, total - 0.1, total + 0.1, total))
    (on_paper, *_) = ask("vanishing-gradients", record, "network")
    (as_built, *_) = ask("vanishing-gradients", replace(record, error_from=SEVERE), "network")
    assert on_paper.holds is as_built.holds is False
    assert (on_paper.severity, as_built.severity) == (None, severity)
