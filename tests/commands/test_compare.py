"""`compare`: presence, equality and laws of two targets."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.commands.compare import compare
from embcheck.errors import UsageError


def test_equal_targets(tmp_path) -> None:
    net = nn.Linear(8, 8)
    torch.save(net.state_dict(), tmp_path / "m.pt")
    report = compare(net, tmp_path / "m.pt", exact=True)
    assert report.exit_code == 0
    assert [r["equal"] for r in report.tables["pairs"]] == [True, True]


def test_two_seeds_share_their_law_and_not_their_values() -> None:
    report = compare(lambda: nn.Linear(64, 64), lambda: nn.Linear(64, 64), seed_b=1)
    assert report.exit_code == 0
    assert [r["equal"] for r in report.tables["pairs"]] == [False, False]
    assert compare(lambda: nn.Linear(64, 64), lambda: nn.Linear(64, 64), seed_b=1, exact=True).exit_code == 1


def test_dtypes_are_cast() -> None:
    w = torch.randn(50, 50)
    assert compare({"w": w.bfloat16()}, {"w": w}).tables["pairs"][0]["equal"]


def test_nothing_selected() -> None:
    with pytest.raises(UsageError):
        compare({"w": torch.ones(2)}, {"w": torch.ones(2)}, select=["EMB101"])
