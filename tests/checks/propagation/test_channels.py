"""What the four vanishing and exploding rules share: whose business a total is, seeds that are missing, and drifts."""

from __future__ import annotations

from typing import Any

import pytest

from embcheck.results import Severity, Skip

CHANNELS = {
    "vanishing-activations": "forward",
    "vanishing-gradients": "gradient",
    "exploding-activations": "forward",
    "exploding-gradients": "gradient",
}
VANISHING = [rule for rule in CHANNELS if rule.startswith("vanishing")]
EXPLODING = [rule for rule in CHANNELS if rule.startswith("exploding")]
rules = pytest.mark.parametrize("rule", CHANNELS)


@pytest.fixture
def totals(made: Any, rule: str) -> Any:
    """`totals(2.0, ...)`: a record whose channel, the rule's, changes by this in its direction."""

    def totals(*values: float) -> Any:
        sign = -1 if rule in VANISHING else 1
        return made(**{CHANNELS[rule]: tuple(sign * v for v in values)})

    return totals


@rules
def test_a_sound_network_passes(network: Any, verdict: Any, rule: str) -> None:
    assert verdict(rule, network()) is True


@rules
def test_the_other_direction_is_another_rules_business(totals: Any, verdict: Any, rule: str) -> None:
    assert verdict(rule, totals(-9.0, -9.1, -9.2, -9.0)) is True


@rules
def test_the_undecided_says_how_many_seeds(totals: Any, ask: Any, rule: str) -> None:
    (skip,) = ask(rule, totals(5.0, 7.0, 5.4, 4.8), "network")
    assert isinstance(skip, Skip)
    assert "variance-sweep --seeds" in skip.reason


@rules
def test_one_layer_and_nothing_measured_are_skipped(network: Any, totals: Any, ask: Any, rule: str) -> None:
    (skip,) = ask(rule, network(depth=1), "network")
    assert isinstance(skip, Skip)
    (skip,) = ask(rule, totals(*[float("nan")] * 4), "network")
    assert "not measured" in skip.reason


@pytest.mark.parametrize("rule", VANISHING)
def test_exact_zero_has_vanished(totals: Any, verdict: Any, rule: str) -> None:
    assert verdict(rule, totals(*[float("inf")] * 4)) is False


@pytest.mark.parametrize("rule", VANISHING)
def test_a_missing_gain_is_caught(network: Any, verdict: Any, ask: Any, rule: str) -> None:
    assert verdict(rule, network(init="xavier_normal", activation="selu")) is True
    record = network(init="xavier_normal", activation="relu")
    assert verdict(rule, record) is False
    (evidence, *_) = ask(rule, record, "network")
    assert "x0.5 a layer" in evidence.message
    assert "gain=1.41421" in evidence.fix


@pytest.mark.parametrize("rule", EXPLODING)
def test_a_gain_too_large_is_caught(network: Any, verdict: Any, rule: str) -> None:
    assert verdict(rule, network(init="xavier_normal", activation="tanh")) is True
    assert verdict(rule, network(gain=2.0)) is False
    assert verdict(rule, network(init="normal", activation="leaky_relu")) is False


@pytest.mark.parametrize("rule", VANISHING)
def test_a_gain_five_percent_too_small_is_a_note(network: Any, ask: Any, rule: str) -> None:
    (first, drift) = ask(rule, network(gain=0.95 * 2**0.5, depth=50, width=256), "network")
    # a total of -5.5 is so near the limit of 6 that four seeds may leave it undecided; the drift is certain
    assert isinstance(first, Skip) or first.holds is True
    assert drift.severity is Severity.NOTE
    assert drift.p_value < 1e-4


@pytest.mark.parametrize("rule", EXPLODING)
def test_a_gain_five_percent_too_large_is_a_note(network: Any, ask: Any, rule: str) -> None:
    (certain, drift) = ask(rule, network(gain=1.05 * 2**0.5, depth=50, width=256), "network")
    assert certain.holds is True
    assert drift.severity is Severity.NOTE
    assert drift.p_value < 1e-4
    assert "past the limit from depth" in drift.message
