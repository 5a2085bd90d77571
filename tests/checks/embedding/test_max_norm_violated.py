"""Rows longer than max_norm."""

from __future__ import annotations

import pytest
import torch
from torch import nn


def test_torch_keeps_its_promises(kept) -> None:
    assert kept("max-norm-violated") == []


@pytest.mark.parametrize("p", [1.0, 2.0, float("inf")])
def test_norms_of_a_table(ask, p: float) -> None:
    table = nn.Embedding(20, 16, max_norm=1.0, norm_type=p)
    (found,) = ask("max-norm-violated", table, "embedding")
    longest = torch.linalg.vector_norm(table.weight.detach().double(), p, dim=1).max().item()
    assert not found.holds
    assert found.measured == pytest.approx(longest, rel=1e-6)
    with torch.no_grad():
        table.weight.renorm_(p, 0, 1.0)
    assert ask("max-norm-violated", table, "embedding")[0].holds
    with torch.no_grad():
        table.weight[3] *= 1.001 / torch.linalg.vector_norm(table.weight[3], p)
    assert not ask("max-norm-violated", table, "embedding")[0].holds


def test_a_table_without_a_bound_is_not_asked(ask) -> None:
    assert ask("max-norm-violated", nn.Embedding(4, 2), "embedding") == []
