"""Trained weights are sound: no error, and nothing that training moved is taken for fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from embcheck.commands.audit import audit
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def trained(model: nn.Module, loss: Callable[[nn.Module], torch.Tensor], steps: int, rate: float) -> list[float]:
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(model)
        value.backward()
        optimizer.step()
        losses.append(float(value.detach()))
    return losses


def classifier() -> tuple[nn.Module, Callable[[nn.Module], torch.Tensor], int, float]:
    centres = torch.randn(10, 48)
    model = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.BatchNorm1d(64), nn.Linear(64, 10))

    def loss(net: nn.Module) -> torch.Tensor:
        y = torch.randint(0, 10, (64,))
        return F.cross_entropy(net(centres[y] + 0.5 * torch.randn(64, 48)), y)

    return model, loss, 300, 1e-2


class Factors(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.user, self.item = nn.Embedding(100, 12), nn.Embedding(120, 12)
        for table in (self.user, self.item):
            nn.init.normal_(table.weight, std=0.1)


def factors() -> tuple[nn.Module, Callable[[nn.Module], torch.Tensor], int, float]:
    """A sixth of the items is never rated: those rows stay as they were drawn, but for the decay."""
    true = torch.randn(100, 4) @ torch.randn(4, 120) / 2

    def loss(net: nn.Module) -> torch.Tensor:
        user, item = torch.randint(0, 100, (512,)), torch.randint(0, 100, (512,))
        return F.mse_loss((net.user(user) * net.item(item)).sum(-1), true[user, item])

    return Factors(), loss, 400, 2e-2


def graph() -> tuple[nn.Module, Callable[[nn.Module], torch.Tensor], int, float]:
    y = torch.arange(120) % 4
    linked = torch.rand(120, 120) < torch.where(y[:, None] == y, 0.15, 0.01)
    a = (linked | linked.T).float() + torch.eye(120)
    a, x = a / a.sum(1, keepdim=True), torch.randn(120, 64) + 2.0 * F.one_hot(y, 64)
    model = nn.Sequential(nn.Linear(64, 32, bias=False), nn.ReLU(), nn.Linear(32, 4, bias=False))
    for layer in (model[0], model[2]):
        nn.init.xavier_uniform_(layer.weight)
    return model, lambda net: F.cross_entropy(a @ net[2](net[1](a @ net[0](x))), y), 200, 1e-2


CASTS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "as it is": lambda w: w,
    "bfloat16": lambda w: w.bfloat16(),
    "pruned": lambda w: torch.where(w.abs() < w.abs().flatten().median(), 0.0, w) if w.dim() > 1 else w,
    "int8 and back": lambda w: (w * 127 / w.abs().max()).round() * w.abs().max() / 127 if w.dim() > 1 else w,
}


@pytest.fixture(scope="module", params=[classifier, factors, graph], ids=lambda make: make.__name__)
def states(request: pytest.FixtureRequest) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Before and after training, without the counters of batch norms."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model, loss, steps, rate = request.param()
    before = {k: v.clone() for k, v in model.state_dict().items() if v.is_floating_point()}
    losses = trained(model, loss, steps, rate)
    assert sum(losses[-10:]) < sum(losses[:10]) / 5
    return before, {k: v.detach().clone() for k, v in model.state_dict().items() if v.is_floating_point()}


def failing(target: Any, **given: Any) -> list[tuple[str, str]]:
    report = audit(target, **given)
    failed = [o for o in report.outcomes if o.status is Status.ERROR or o.status is Status.FAIL]
    return [(o.rule, o.subject) for o in failed if o.severity is Severity.ERROR or o.status is Status.ERROR]


@pytest.mark.parametrize("cast", CASTS)
def test_trained_checkpoints_have_no_error_and_are_called_trained(states, cast, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({k: CASTS[cast](v).contiguous() for k, v in states[1].items()}, path)
    assert failing(str(path), trained=True) == []
    large = [r for r in audit(str(path)).tables["tensors"] if r["n"] >= 1000]
    assert large
    assert all(r["law"].startswith("none of these") for r in large)


def test_the_same_weights_before_training_are_called_fresh(states, tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    torch.save(states[0], path)
    assert failing(str(path)) == []
    large = {r["name"] for r in audit(str(path)).tables["tensors"] if r["n"] >= 1000}
    assert {("looks-untrained", name) for name in large} <= set(failing(str(path), trained=True))


def test_a_training_state_is_read_as_its_model(states, tmp_path: Path) -> None:
    weights = {k: nn.Parameter(v.clone()) for k, v in states[1].items()}
    optimizer = torch.optim.Adam(weights.values())
    for w in weights.values():
        w.grad = torch.randn_like(w) * 1e-3
    optimizer.step()
    path = tmp_path / "last.ckpt.pt"
    torch.save({"epoch": 3, "model": states[1], "optimizer": optimizer.state_dict()}, path)
    assert failing(str(path), trained=True) == []
