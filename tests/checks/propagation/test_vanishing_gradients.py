"""A gradient that dies alone, or in a model that trains in spite of it; what channels share is in `test_channels`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from embcheck.propagation.verdict import SEVERE
from embcheck.results import Severity


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
