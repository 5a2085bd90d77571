"""`audit` as a whole: the inventory, declarations, references, notes, and what it leaves behind."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import embcheck
from embcheck.commands.audit import audit
from embcheck.commands.declaration import declaration, grouped
from embcheck.errors import UsageError
from embcheck.results import Severity, Status

_spec = importlib.util.spec_from_file_location("gpt2_style", Path(__file__).parent.parent / "gpt2_style.py")
gpt2_style = importlib.util.module_from_spec(_spec)
sys.modules["gpt2_style"] = gpt2_style
_spec.loader.exec_module(gpt2_style)


def loud(report) -> list[tuple[str, str, str]]:
    return [
        (o.rule, o.subject, o.message)
        for o in report.outcomes
        if o.status in {Status.FAIL, Status.ERROR} and o.severity is not Severity.NOTE
    ]


def test_public_name() -> None:
    assert embcheck.audit is audit


@pytest.mark.parametrize("declared", [True, False])
def test_sound_model_is_silent(declared) -> None:
    model = gpt2_style.build(None, 3)
    ids = torch.randint(1, 500, (4, 16))
    found = loud(audit(model, expect=gpt2_style.expect() if declared else None, inputs=(ids,)))
    # the head is tied to a table with a padding row, whose first step is no longer zero: true, and only a warning
    assert [(rule, subject) for rule, subject, _ in found] == [("padding-row-gets-gradient", "wte.weight[0]")]


@pytest.mark.parametrize("plant", gpt2_style.PLANTS)
def test_planted_defects_are_caught_for_the_right_reason(plant) -> None:
    report = audit(gpt2_style.build(plant, 1), expect=gpt2_style.expect())
    failed = {rule for rule, _, _ in loud(report)}
    assert failed & set(gpt2_style.PLANTS[plant][1]), failed
    assert report.exit_code == 1


def test_inventory_names_what_each_tensor_was_drawn_from() -> None:
    report = audit(gpt2_style.build(None, 2))
    rows = {r["name"]: r for r in report.tables["tensors"]}
    assert rows["wpe.weight"]["law"] == "normal(0, 0.02)"
    assert "0.02" in rows["wte.weight"]["law"] and rows["wte.weight"]["law"].startswith("padded(")
    assert rows["h.0.mlp.c_fc.bias"]["law"] == "zeros()"
    assert rows["ln_f.weight"]["law"] == "ones()"
    w = gpt2_style.build(None, 2).wpe.weight.detach().double()
    assert rows["wpe.weight"]["std"] == pytest.approx(w.std(correction=0).item(), rel=1e-9)
    assert any("freshly initialised" in note for note in report.notes)


def test_file_gives_the_same_inventory_as_the_model(tmp_path) -> None:
    model = gpt2_style.build(None, 2)
    save_file(dict(model.state_dict()), tmp_path / "m.safetensors")
    live = {r["name"]: r for r in audit(model).tables["tensors"]}
    stored = {r["name"]: r for r in audit(tmp_path / "m.safetensors").tables["tensors"]}
    assert set(live) == set(stored)
    for name, row in live.items():
        assert stored[name]["std"] == row["std"] and stored[name]["min"] == row["min"]
    assert not loud(audit(tmp_path / "m.safetensors"))


def test_declaration_written_from_today_holds_tomorrow() -> None:
    import tomllib as toml

    report = audit(lambda: gpt2_style.GPT(), seed=1)
    declared = toml.loads(declaration(report))["tool"]["embcheck"]["expect"]
    assert len(declared) < len(report.tables["tensors"]) / 2  # the layers of a stack share a line
    assert not loud(audit(gpt2_style.build(None, 77), expect=declared))
    assert loud(audit(gpt2_style.build("scale x1.05", 77), expect=declared))


def test_declaration_names_what_it_leaves_out() -> None:
    import tomllib as toml

    net = nn.Linear(40, 5)
    net.odd = nn.Parameter(torch.randn(80).cumsum(0))
    text = declaration(audit(net))
    assert toml.loads(text)["tool"]["embcheck"]["expect"] == {"weight": "default()"}
    assert '# nothing can be said of "odd", "bias"' in text or '# nothing can be said of "bias", "odd"' in text


def test_grouped_rows_count_their_layers() -> None:
    rows = grouped(audit(gpt2_style.build(None, 1))).tables["tensors"]
    assert {r["name"] for r in rows} >= {"h.*.attn.c_proj.weight \u00d76", "wte.weight"}


def test_pattern_that_matches_nothing_and_target_without_tensors() -> None:
    with pytest.raises(UsageError, match="matches no tensor"):
        audit(nn.Linear(2, 2), expect={"wieght": "zeros()"})
    with pytest.raises(UsageError, match="Nothing to check"):
        audit(nn.ReLU())
    with pytest.raises(UsageError, match="meta"):
        audit(nn.Linear(2, 2, device="meta"))
    with pytest.raises(UsageError, match="live model"):
        audit({"w": torch.ones(3)}, inputs=(torch.ones(1),))


def test_strange_tensors_do_not_crash() -> None:
    net = nn.Module()
    for i, t in enumerate([
        torch.tensor(float("nan")), torch.empty(0), torch.tensor(1.0), torch.randn(4, 6).t(),
        torch.randn(3, dtype=torch.cfloat),
        torch.full((3, 3), float("inf")), torch.randn(2, 1), torch.randn(5).bfloat16(), torch.randn(64, 64).half(),
        torch.randn(6, 6).to_sparse(), torch.randn(2, 2, 2, 2, 2, 2), torch.randn(1, 1).expand(4, 4),
    ]):  # fmt: skip
        net.register_parameter(f"p{i}", nn.Parameter(t))
    net.register_buffer("bits", torch.randint(0, 2, (5, 5)).bool())
    net.register_buffer("bytes", torch.randint(0, 255, (300, 5), dtype=torch.uint8))
    net.register_buffer("eight", torch.randn(8, 8).to(torch.float8_e4m3fn))
    report = audit(net)
    assert not [o for o in report.outcomes if o.status is Status.ERROR], [
        o.reason for o in report.outcomes if o.reason
    ][-1]
    assert any("sparse" in note for note in report.notes)


def test_model_is_left_as_it_was() -> None:
    net = nn.Sequential(nn.Embedding(9, 8), nn.Flatten(), nn.BatchNorm1d(16), nn.Linear(16, 2)).train()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    versions = [p._version for p in net.parameters()]
    audit(net, inputs=(torch.randint(0, 9, (6, 2)),))
    assert net.training
    assert [p._version for p in net.parameters()] == versions
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert all(p.grad is None for p in net.parameters())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())


def train(net: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int) -> nn.Module:
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
    return net


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (
            lambda: nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4)),
            (256, 20),
        ),
        (
            lambda: nn.Sequential(nn.Linear(20, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 64), nn.Linear(64, 4)),
            (256, 20),
        ),
        (
            lambda: nn.Sequential(
                nn.Conv1d(4, 32, 3), nn.BatchNorm1d(32), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 10, 4)
            ),
            (256, 4, 12),
        ),
    ],
)
def test_trained_weights_are_sound(net, shape) -> None:
    torch.manual_seed(5)
    x = torch.randn(shape)
    y = torch.stack([x.flatten(1)[:, i].sin() * x.flatten(1)[:, i + 1] for i in range(4)], 1)
    model = train(net(), x, y, 400)
    report = audit(model)
    assert not [o for o in report.outcomes if o.status is Status.FAIL and o.severity is Severity.ERROR]
    fresh = audit(net())
    assert any("freshly initialised" in n for n in fresh.notes)
    assert not any("freshly initialised" in n for n in report.notes)


def test_a_tensor_shares_the_verdict_of_its_module() -> None:
    model = nn.Sequential(nn.Embedding(50, 8, padding_idx=0), nn.Linear(8, 8))
    nn.init.normal_(model[0].weight)
    verdicts = {row["name"]: row["verdict"] for row in audit(model).tables["tensors"]}
    assert verdicts == {"0.weight": "fail", "1.weight": "pass", "1.bias": "pass"}
