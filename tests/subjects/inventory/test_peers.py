"""Names that a tensor's own values leave open are those of its peers, and no others."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.subjects.inventory import audited
from embcheck.subjects.inventory.census import Member
from embcheck.subjects.inventory.held import Held
from embcheck.subjects.inventory.peers import settle


def member(law: str, *near: str, kind: str = "Conv2d", fitted: bool = False) -> Member:
    held = Held("w", (8, 8), "float32", "parameter", "weight", "conv", None, module_type=kind)
    return Member(held, 64, 0.0, 1.0, -1.0, 1.0, 0, 0, 64, law=law, near=near, alternatives=near, fitted=fitted)


def names(*members: Member) -> list[str]:
    settle(members)
    return [m.law for m in members]


def test_the_name_that_all_fit_is_taken() -> None:
    open_, sure = member("a()", "b()"), member("b()")
    assert names(open_, sure, member("a()", "b()")) == ["b()", "b()", "b()"]
    assert open_.alternatives == ("a()",)


def test_what_the_values_exclude_is_never_taken() -> None:
    assert names(member("a()"), member("b()"), member("b()")) == ["a()", "b()", "b()"]
    assert names(member("a()", "c()"), member("b()"), member("b()")) == ["a()", "b()", "b()"]


def test_kinds_of_layers_are_settled_apart_and_a_minority_settles_nothing() -> None:
    assert names(member("a()", "b()"), member("b()", kind="Linear")) == ["a()", "b()"]
    assert names(member("a()", "b()"), member("b()"), member("c()"), member("d()"), member("e()"))[0] == "a()"


def test_a_constant_that_somebody_types_takes_the_place_of_a_fitted_one() -> None:
    fitted = member("normal(0, 0.0203) (fitted)", "normal(0, 0.02)", fitted=True)
    assert names(fitted, member("normal(0, 0.02)"), member("normal(0, 0.02)"))[0] == "normal(0, 0.02)"
    assert not fitted.fitted
    assert "fitted" not in "".join(fitted.alternatives)


@pytest.mark.parametrize("mode", ["fan_in", "fan_out"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_square_convolutions_beside_oblong_ones(mode, seed) -> None:
    def make() -> nn.Module:
        net = nn.Sequential(nn.Conv2d(3, 32, 3), nn.Conv2d(32, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3))
        for layer in net:
            nn.init.kaiming_normal_(layer.weight, mode=mode, nonlinearity="relu")
        return net

    torch.manual_seed(seed)
    rows = {r["name"]: r for r in audit(make()).tables["tensors"]}
    due = "kaiming_normal()" if mode == "fan_in" else "kaiming_normal(mode='fan_out')"
    assert [rows[f"{i}.weight"]["law"] for i in range(4)] == [due] * 4


def test_small_and_constant_tensors_have_names_too() -> None:
    net = nn.Sequential(nn.Linear(9, 5), nn.BatchNorm1d(5))
    rows = {r["name"]: r["law"] for r in audit(net).tables["tensors"]}
    assert rows["0.bias"] == "too small to tell"
    assert rows["1.weight"] == "ones()"
    assert rows["1.running_mean"] == "zeros()"
    assert rows["1.num_batches_tracked"] == "zeros()"


def test_among_very_many_tensors_only_those_that_tell_are_searched_for_a_law(monkeypatch) -> None:
    torch.manual_seed(0)
    drawn = {"small.weight": torch.randn(20, 20) * 0.02, "large.weight": torch.randn(40, 30) * 0.02}
    vectors = {f"{i}.bias": torch.zeros(3) for i in range(9)}
    found = {r["name"]: r["law"] for r in audit({**drawn, **vectors}).tables["tensors"]}
    assert (found["small.weight"], found["large.weight"]) == ("normal(0, 0.02)", "normal(0, 0.02)")
    monkeypatch.setattr(audited, "_MANY", 10)
    found = {r["name"]: r["law"] for r in audit({**drawn, **vectors}).tables["tensors"]}
    assert (found["small.weight"], found["large.weight"]) == ("too small to tell", "normal(0, 0.02)")
    assert found["0.bias"] == "zeros()"
