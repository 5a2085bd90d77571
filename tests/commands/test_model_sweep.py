"""`variance_sweep(model=...)`: verdicts that theory asks for, tables, notes, builds, bad input, nothing left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

import embcheck
from embcheck.commands.model_sweep import model_sweep
from embcheck.errors import UsageError
from embcheck.results import Status

if TYPE_CHECKING:
    from pathlib import Path

    from embcheck.results import Report

OPERATION = {
    "configuration", "layer", "name", "op", "type", "shape", "dtype", "q", "q_theory", "s", "s_theory", "g", "g_theory",
    "dead", "saturated", "sigma_w", "ratio", "ratio_s", "ratio_g",
}  # fmt: skip


def chain(
    depth: int = 10, width: int = 128, activation: type[nn.Module] = nn.ReLU, gain: float | None = None
) -> nn.Module:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layer = nn.Linear(width, width)
        if gain is not None:
            nn.init.normal_(layer.weight, std=gain / math.sqrt(width))
            nn.init.zeros_(layer.bias)
        layers += [layer, activation()]
    return nn.Sequential(*layers, nn.Linear(width, 10))


def he() -> nn.Module:
    return chain(gain=math.sqrt(2))


def failed(report: Report) -> set[str]:
    return {o.code for o in report.failed if o.severity.value == "error"}


def test_a_sound_network_is_called_stable_in_all_channels() -> None:
    report = model_sweep(he, seeds=4)
    (row,) = report.tables["models"]
    assert (row["verdict_forward"], row["verdict_signal"], row["verdict_gradient"]) == ("stable",) * 3
    assert row["seeds"] == 4
    assert row["layers"] == 10
    assert report.exit_code == 0
    assert report.notes == ("Sequential was fed N(0, 1) draws of shape (16, 128), in eval mode",)


def test_torchs_default_with_relu_loses_signal_and_gradient() -> None:
    report = model_sweep(lambda: chain(30), seeds=3)
    assert failed(report) >= {"VAR103", "VAR107", "VAR108", "VAR109"}
    (row,) = report.tables["models"]
    # 1/6 a layer: what the paper network of the same kind is predicted to lose (29 steps)
    assert row["log_g"] == pytest.approx(29 * math.log(1 / 6), rel=0.05)
    assert row["log_s"] == pytest.approx(29 * math.log(1 / 6), rel=0.08)  # carried on below rounding
    assert row["verdict_forward"] == "stable"  # the biases keep it: forward variance alone is blind
    lost = next(o for o in report.failed if o.code == "VAR109")
    # s/q = u^2 = 3.6e-15; q settles at 2/(5n), so that s = 6^-l reaches it at about layer 21
    assert lost.measured == pytest.approx(math.log(0.4 / 128 * 3.6e-15) / math.log(1 / 6), abs=3)


def test_tanh_with_five_thirds_is_chaotic() -> None:
    report = model_sweep(lambda: chain(45, 256, nn.Tanh, 5 / 3), seeds=4)
    (row,) = report.tables["models"]
    assert row["verdict_forward"] == "stable"
    assert row["log_g"] == pytest.approx(44 * math.log(1.2098), abs=1.2)  # chi_1 = 1.2098, VARIANCE's table


def test_the_table_of_operations() -> None:
    report = model_sweep(he, seeds=2)
    rows = report.tables["operations"]
    assert all(set(row) == OPERATION for row in rows)
    assert [row["name"] for row in rows[:4]] == ["input", "0:linear", "1:relu", "2:linear"]
    assert [row["layer"] for row in rows] == list(range(1, len(rows) + 1))
    linear = rows[1]
    assert linear["sigma_w"] == pytest.approx(math.sqrt(2), rel=0.02)
    assert linear["ratio"] == pytest.approx(1, abs=0.2)
    assert rows[2]["dead"] is not None
    assert linear["dead"] is None
    assert {row["configuration"] for row in report.tables["layers"]} == {"he"}
    assert report.tables["layers"][0]["q_theory"] == pytest.approx(2, rel=0.15)


class Awkward(nn.Module):
    """In-place operations, dict input, tuple output, a reused layer, dropout, batch norm, a tied head, a checkpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(40, 32)
        self.lin = nn.Linear(32, 32)
        self.bn = nn.BatchNorm1d(32)
        self.drop = nn.Dropout(0.5)
        self.attn = nn.MultiheadAttention(32, 2, batch_first=True)
        self.head = nn.Linear(32, 40, bias=False)
        self.head.weight = self.emb.weight

    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], list[torch.Tensor]]:
        h = self.emb(batch["ids"])
        h += self.attn(h, h, h)[0]
        for _ in range(2):
            h = h + checkpoint(lambda x: F.relu_(self.lin(x)), h, use_reentrant=False)
        h = self.drop(self.bn(h.mean(1)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return {"logits": self.head(h)}, [h]


def awkward_inputs() -> tuple[dict[str, torch.Tensor]]:
    return ({"ids": torch.randint(0, 40, (8, 6))},)


def test_an_awkward_model_is_followed_and_left_as_it_was() -> None:
    net = Awkward().train()
    net.lin.weight.grad = torch.ones(32, 32)
    before = {k: v.clone() for k, v in net.state_dict().items()}
    torch.manual_seed(1)
    state = torch.get_rng_state()
    report = model_sweep(net, inputs=awkward_inputs, seeds=4)
    names = [row["name"] for row in report.tables["operations"]]
    for due in ("emb:embedding", "add #3", "attn:linear", "attn.out_proj:linear", "lin:linear", "lin:linear #2",
                "relu", "relu #2", "add", "add #2", "bn:batch_norm", "head:linear"):  # fmt: skip
        assert due in names
    assert not any("dropout" in name for name in names if not name.startswith("attn"))  # eval mode
    assert any("one instance" in note for note in report.notes)
    assert any("batch norms with the batch" in note for note in report.notes)
    assert report.tables["models"][0]["seeds"] == 1
    assert torch.equal(torch.get_rng_state(), state)
    assert all(m.training for m in net.modules())
    assert torch.equal(net.lin.weight.grad, torch.ones(32, 32))
    assert net.emb.weight.grad is None
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())


def test_builds_that_ignore_the_seed_are_one_network() -> None:
    def seeded() -> nn.Module:
        torch.manual_seed(0)
        return chain(5, 32)

    report = model_sweep(seeded, seeds=3)
    assert report.tables["models"][0]["seeds"] == 1
    assert any("gives the same weights whatever the seed" in note for note in report.notes)
    assert model_sweep(lambda: chain(5, 32), seeds=3).tables["models"][0]["seeds"] == 3


def test_builds_follow_the_seed() -> None:
    a, b = (model_sweep(lambda: chain(4, 32), seeds=2, seed=5).tables for _ in range(2))
    assert a == b
    assert model_sweep(lambda: chain(4, 32), seeds=2, seed=6).tables != a


def test_dead_and_saturated_units_are_outcomes() -> None:
    def dead() -> nn.Module:
        net = chain(6, 128, gain=math.sqrt(2))
        for m in net:
            if isinstance(m, nn.Linear):
                nn.init.constant_(m.bias, -2.0)
        return net

    assert "VAR105" in failed(model_sweep(dead, seeds=3, select=["VAR105"]))
    steep = model_sweep(lambda: chain(6, 128, nn.Tanh, gain=20.0), seeds=2)
    assert "VAR106" in {o.code for o in steep.failed}
    for sound, code in ((he, "VAR105"), (lambda: chain(6, 128, nn.Tanh, gain=1.0), "VAR106")):
        assert {o.status for o in model_sweep(sound, seeds=2, select=[code]).outcomes} == {Status.PASS}


def test_the_first_operation_that_is_not_finite_is_named() -> None:
    class Log(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = (nn.Linear(16, 16) for _ in range(3))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.c(torch.log(self.b(torch.relu(self.a(x)))))

    report = model_sweep(Log, seeds=2)
    (bad,) = (o for o in report.failed if o.code == "VAR102")
    assert bad.message.startswith("log is the first")
    assert report.exit_code == 1


def test_gradients_that_never_come_fail() -> None:
    class Cut(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = nn.ModuleList(nn.Linear(16, 16) for _ in range(5))
            self.head = nn.Linear(16, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for layer in self.body:
                x = torch.tanh(layer(x))
            return self.head(x.detach())

    assert failed(model_sweep(Cut, seeds=2)) >= {"VAR103", "VAR108"}


def test_the_limit_and_the_scale_of_normalized_networks() -> None:
    def weak() -> nn.Module:
        return chain(12, 128, gain=0.8 * math.sqrt(2))  # 0.64 a layer: ln -4.9 over eleven steps

    assert model_sweep(weak, seeds=4).exit_code == 0
    assert model_sweep(weak, seeds=4, limit=3.0).exit_code == 1
    normed = model_sweep(lambda: nn.Sequential(*(nn.Linear(16, 16), nn.LayerNorm(16)) * 3), seeds=2)
    assert normed.tables["models"][0]["limit"] == 15


def test_loss_device_dtype_and_keywords() -> None:
    report = model_sweep(chain, kwargs={"depth": 4, "width": 16}, dtype="bfloat16", seeds=2, loss=lambda y: y.sum())
    assert report.tables["operations"][1]["dtype"] == "bfloat16"
    assert report.environment["dtype"] == "bfloat16"
    assert "--kwargs" in report.reproduce


def test_plot_and_public_name(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    report = embcheck.variance_sweep(model=lambda: chain(4, 16), seeds=2, plot=tmp_path / "x.svg")
    assert report.command == "variance-sweep"
    assert (tmp_path / "x.svg").read_bytes().startswith(b"<?xml")


def raising() -> nn.Module:
    raise OSError("no such\nfile")


@pytest.mark.parametrize(
    ("model", "wanted", "part"),
    [
        (raising, {}, "raised OSError: no such"),
        (lambda: {"w": torch.zeros(2)}, {}, "not an nn.Module"),
        (lambda: None, {}, "returned None"),
        ({"w": torch.zeros(2)}, {}, "no forward"),
        ("nowhere_at_all:make", {}, "Cannot import"),
        (he, {"inputs": torch.randn(4, 3)}, "forward raised RuntimeError"),
        (he, {"inputs": torch.full((4, 128), math.nan)}, "hold NaN"),
        (he, {"inputs": "missing.pt"}, "neither a file"),
        (he, {"seeds": 0}, "seeds"),
        (he, {"limit": -1.0}, "limit"),
        (he, {"select": ["EMB"]}, "VAR rules"),
        (he, {"plot": "x.bmp"}, ".png"),
        (he, {"dtype": "int8"}, "int8"),
        (nn.ReLU, {"inputs": torch.randn(4, 3)}, "Nothing to follow"),
        (chain(2, 8), {"dtype": "float64"}, "give a factory"),
        (he, {"kwargs": {"depth": 3}}, "cannot be called"),
    ],
)
def test_bad_input_is_one_sentence(model: Any, wanted: dict[str, Any], part: str) -> None:
    with pytest.raises(UsageError, match=part) as caught:
        model_sweep(model, **wanted)
    assert "\n" not in str(caught.value)
