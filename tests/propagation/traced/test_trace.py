"""One pass through a model is watched rightly, and leaves the model as it was."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.propagation.traced.trace import ForwardError, trace


def chain(inplace: bool = False) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(64, 48), nn.ReLU(inplace=inplace), nn.Linear(48, 32), nn.Tanh())


@pytest.mark.parametrize("inplace", [False, True])
def test_moments_and_gradients_are_those_of_plain_torch(inplace) -> None:
    net, x = chain(inplace), torch.randn(16, 64)
    found = trace(net, (x,), seed=5)
    assert [n.op for n in found.nodes] == ["input", "linear", "relu", "linear", "tanh"]
    a = net[0](x)
    b = a.relu()
    c = net[2](b)
    d = c.tanh()
    for node, due in zip(found.nodes[1:], (a, b, c, d), strict=True):
        assert node.q == pytest.approx(due.double().square().mean().item(), rel=1e-6)
        assert node.s == pytest.approx(due.double().var(dim=0).mean().item(), rel=1e-5)
    torch.manual_seed(5)
    cotangent = torch.randn_like(d)
    for node, at in ((found.nodes[3], c), (found.nodes[1], a)):
        (due,) = torch.autograd.grad(d, at, cotangent, retain_graph=True)
        assert node.g == pytest.approx(due.double().square().mean().item(), rel=1e-5)
    due = torch.autograd.grad(d, net[0].weight, cotangent)[0]
    power = {g.name: g.power for g in found.gradients}["0.weight"]
    assert power == pytest.approx(due.double().square().mean().item(), rel=1e-5)


def test_fans_of_convolutions() -> None:
    for layer, x, fan in (
        (nn.Conv2d(8, 8, 3, groups=8), torch.randn(2, 8, 9, 9), 9),
        (nn.Conv3d(4, 6, 3), torch.randn(2, 4, 5, 5, 5), 108),
        (nn.ConvTranspose2d(16, 4, 4, stride=2), torch.randn(2, 16, 5, 5), 64),
        (nn.Conv1d(6, 4, 5), torch.randn(2, 6, 9), 30),
    ):
        node = trace(layer, (x,)).nodes[1]
        assert node.fan == fan
        assert node.weight == "weight"


def test_functional_operations_transposed_weights_and_residual_branches() -> None:
    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.randn(8, 8))
            self.lin = nn.Linear(8, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = torch.relu(x @ self.w.t())
            return x + self.lin(h)

    found = trace(Block(), (torch.randn(4, 8),))
    ops = {n.op: n for n in found.nodes}
    assert ops["matmul"].weight == "w" and ops["matmul"].kind == "affine"
    assert {ops["matmul"].index, ops["relu"].index, ops["linear"].index} <= found.in_branch
    assert ops["add"].index not in found.in_branch


def test_shared_layers_make_a_node_each_time() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin = nn.Linear(8, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.lin(torch.tanh(self.lin(x)))

    assert sum(n.op == "linear" for n in trace(Twice(), (torch.randn(4, 8),)).nodes) == 2


def test_everything_is_as_before() -> None:
    net = nn.Sequential(
        nn.Embedding(9, 8, max_norm=1.0), nn.Flatten(), nn.BatchNorm1d(16), nn.Dropout(), nn.Linear(16, 2)
    )
    net.train()
    net[4].weight.grad = torch.ones_like(net[4].weight)
    before = {k: v.clone() for k, v in net.state_dict().items()}
    ids = torch.randint(0, 9, (6, 2))
    torch.manual_seed(3)
    due = torch.rand(2)
    torch.manual_seed(3)
    trace(net, (ids,))
    assert torch.equal(torch.rand(2), due)
    assert all(m.training for m in net.modules())
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert torch.equal(net[4].weight.grad, torch.ones_like(net[4].weight))
    assert net[0].weight.grad is None
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())


def test_inputs_are_not_changed_and_a_frozen_model_still_has_gradients() -> None:
    net = chain().requires_grad_(False)
    x = torch.randn(4, 64)
    kept = x.clone()
    found = trace(net, (x,))
    assert torch.equal(x, kept) and not x.requires_grad
    assert found.nodes[1].g > 0


def test_nothing_is_left_after_a_forward_that_raises() -> None:
    net = chain().train()
    with pytest.raises(ForwardError, match="RuntimeError"):
        trace(net, (torch.randn(4, 7),))
    assert net.training
    assert not any(m._forward_hooks for m in net.modules())


def test_dead_and_saturated_units() -> None:
    net = nn.Sequential(nn.Linear(4, 10), nn.ReLU(), nn.Linear(10, 6), nn.Tanh())
    with torch.no_grad():
        net[0].bias[:5] = -100.0  # five units never fire
        net[2].bias[:3] = 9.0  # three are saturated
        net[2].weight.mul_(0.01)
        net[0].bias[5:] = 100.0
        net[2].bias[3:] = 0.0
        net[2].weight.zero_()
    found = trace(net, (torch.randn(8, 4),)).nodes
    assert found[2].dead == 0.5
    assert found[4].saturated == 0.5
