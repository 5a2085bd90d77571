"""Functions without arguments: what they raise or warn of at the border is their outcome."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
import torch
from torch import nn

from embcheck.commands.conversions import conversions
from embcheck.errors import UsageError
from embcheck.subjects.conversion.called import _TOLD

NET = nn.Linear(4, 2)


def inferred() -> torch.Tensor:
    with torch.inference_mode():
        return torch.ones(3)


CALLS = {
    "requires-grad": lambda: NET(torch.ones(1, 4)).numpy(),
    "off-cpu": lambda: torch.ones(2, device="meta").numpy(),
    "unsupported-dtype": lambda: torch.ones(2, dtype=torch.bfloat16).numpy(),
    "negative-stride": lambda: torch.from_numpy(np.arange(3.0)[::-1]),
    "unsupported-layout": lambda: torch.eye(2).to_sparse().numpy(),
    "slow-conversion": lambda: torch.tensor([np.ones(3), np.ones(3)]),
}
OTHERS = [
    ("unsupported-layout", lambda: torch.from_numpy(np.zeros(3, dtype=[("id", "u1"), ("x", "f4")])["x"])),
    ("mixed-operands", lambda: torch.matmul(np.ones(3, dtype=np.float32), torch.ones(3))),
    ("mixed-operands", lambda: torch.cat([torch.ones(3), np.ones(3)])),
    ("mixed-operands", lambda: torch.zeros(3).__setitem__(slice(None), np.ones(3))),
    ("mixed-operands", lambda: np.ones((2, 4)) @ NET.weight),
    ("wrapped-tensor", lambda: torch.vmap(lambda v: torch.from_numpy(v.numpy()))(torch.ones(2, 3))),
    ("inference-tensor", lambda: inferred().add_(1)),
    ("not-a-scalar", lambda: float(torch.ones(3))),
    ("not-a-scalar", lambda: torch.ones(3).item()),
    ("not-a-scalar", lambda: torch.from_numpy(np.float32(1))),
    ("unsupported-dtype", lambda: np.zeros(3, dtype=torch.float32)),
    ("unsupported-dtype", lambda: torch.tensor([1.0], dtype=np.float32)),
    ("unsupported-dtype", lambda: torch.from_numpy(np.array([[1.0, 2.0], [3.0]]))),
]


@pytest.mark.parametrize("rule", CALLS)
def test_the_rule_of_its_cause(rule: str) -> None:
    assert rule in {o.rule for o in conversions(CALLS[rule]).failed}


@pytest.mark.parametrize(("rule", "call"), OTHERS)
def test_the_rule_of_what_else_is_said_at_the_border(rule: str, call) -> None:
    assert rule in {o.rule for o in conversions(call).failed}


def test_every_rule_that_a_message_stands_for_answers() -> None:
    """A cause whose rule is never asked of a function would pass in silence."""
    for rule in {rule for _, rule in _TOLD}:
        check = importlib.import_module(f"embcheck.checks.conversion.{rule.replace('-', '_')}")
        assert "converter" in check.KINDS, rule


def test_a_safe_function_passes() -> None:
    assert not conversions(lambda: NET(torch.ones(1, 4)).detach().numpy()).failed


def test_any_other_exception_is_one_clear_sentence() -> None:
    def broken() -> None:
        raise ValueError("no such file")

    with pytest.raises(UsageError, match="raised ValueError: no such file"):
        conversions(broken)


def test_a_function_of_one_number_cannot_take_several() -> None:
    (outcome,) = conversions(lambda t: t.item()).failed
    assert outcome.rule == "not-a-scalar"
    assert "not-a-scalar" not in {o.rule for o in conversions(lambda t: t.mean().item()).failed}


def test_arrays_that_a_module_keeps_are_looked_at() -> None:
    class Index(nn.Module):
        def __init__(self, table: np.ndarray) -> None:
            super().__init__()
            self.inner, self.scale = nn.Module(), nn.Parameter(torch.ones(1), requires_grad=False)
            self.inner.table, self.words = table, np.array(["a", "b"])

    table = np.ones((4, 3), dtype=np.float32)
    assert {o.rule for o in conversions(Index(table[::-1])).failed} == {"negative-stride"}
    assert not conversions(Index(np.frombuffer(bytes(48), np.float32))).failed
    assert not conversions(Index(table)).failed


def test_a_function_for_real_numbers_may_drop_the_imaginary_part() -> None:
    found = conversions(lambda t: t.detach().cpu().float().numpy()).failed
    assert not [o for o in found if o.severity.value == "error"]
    assert "unsupported-dtype" not in {o.rule for o in found}


@pytest.mark.parametrize("copied", [False, True])
def test_a_list_of_the_parameters_data_is_no_snapshot(copied: bool) -> None:
    net = nn.Linear(4, 2).requires_grad_(False)
    net.before = [p.data.clone() if copied else p.data for p in net.parameters()]
    net.mine = list(net.parameters())  # the parameters themselves
    assert {o.rule for o in conversions(net).failed} == (set() if copied else {"shared-memory"})


@pytest.mark.parametrize(
    "safe", [lambda t: t.detach().cpu().numpy(), lambda t: np.array(t.tolist()), lambda t: t.sum().item()]
)
def test_what_only_the_stand_in_for_an_accelerator_refuses_is_no_failure(safe) -> None:
    """No accelerator is asked here: meta has no values to copy, every other device has."""
    assert "off-cpu" not in {o.rule for o in conversions(safe).failed}
    assert "off-cpu" in {o.rule for o in conversions(lambda t: np.asarray(t)).failed}
