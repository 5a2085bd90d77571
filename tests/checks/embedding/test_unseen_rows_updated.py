"""Rows that move without a gradient."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.results import Outcome, Severity, Status


def test_torch_keeps_its_promises(kept) -> None:
    assert kept("unseen-rows-updated") == []


def moved(optimizer: str, sparse: bool = False, **options) -> list[Outcome]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(50, 8, sparse=sparse))
    made = getattr(torch.optim, optimizer)(model.parameters(), lr=0.1, **options)
    return [o for o in audit(model, optimizer=made).outcomes if o.rule == "unseen-rows-updated"]


def test_adam_moves_a_row_by_what_its_moments_say() -> None:
    (found,) = moved("Adam")
    # one step with gradient 1, one with 0: m = (1 - b1) b1, v = (1 - b2) b2, each corrected for its bias
    m = 0.1 * 0.9 / (1 - 0.9**2)
    v = 0.001 * 0.999 / (1 - 0.999**2)
    assert found.measured == pytest.approx(0.1 * m / (v**0.5 + 1e-8), rel=1e-4)
    assert found.status is Status.FAIL
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("optimizer", "sparse", "options", "still"),
    [
        ("SGD", False, {}, True),
        ("SGD", False, {"momentum": 0.9}, False),
        ("SGD", False, {"weight_decay": 0.1}, False),
        ("SGD", True, {"momentum": 0.9}, False),
        ("AdamW", False, {"weight_decay": 0.1}, False),
        ("SparseAdam", True, {}, True),
        ("Adagrad", False, {}, True),
    ],
)
def test_which_optimizers_move_them(optimizer: str, sparse: bool, options, still: bool) -> None:
    (found,) = moved(optimizer, sparse, **options)
    assert (found.status is Status.PASS) is still


def test_an_optimizer_that_refuses_is_a_skip() -> None:
    (found,) = moved("Adam", sparse=True)
    assert found.status is Status.SKIP
