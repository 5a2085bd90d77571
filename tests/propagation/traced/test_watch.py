"""What is hard to see is seen: attention, checkpoints, compiled and lazy parts, autocast, shared and tied weights."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from embcheck.propagation.traced.trace import trace


class Blocks(nn.Module):
    """A residual network, plain or with its blocks checkpointed."""

    def __init__(self, mode: str = "") -> None:
        super().__init__()
        torch.manual_seed(0)
        self.mode = mode
        self.start = nn.Linear(16, 16)
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(16, 16), nn.GELU(), nn.Linear(16, 16)) for _ in range(3))
        self.out = nn.Linear(16, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.start(x)
        for block in self.blocks:
            branch = checkpoint(block, x, use_reentrant=self.mode == "reentrant") if self.mode else block(x)
            x = x + branch
        return self.out(x)


@pytest.mark.parametrize("mode", ["plain", "reentrant"])
def test_checkpointed_blocks_give_the_gradients_of_plain_ones(mode) -> None:
    x = torch.randn(8, 16)
    due = trace(Blocks(), (x,), seed=3)
    net = Blocks("" if mode == "plain" else mode)
    net.mode = mode
    found = trace(net, (x,), seed=3)
    assert [n.name for n in found.nodes] == [n.name for n in due.nodes]
    for a, b in zip(found.nodes, due.nodes, strict=True):
        assert a.q == pytest.approx(b.q, rel=1e-5)
        assert a.g == pytest.approx(b.g, rel=1e-5, nan_ok=True)
    powers = {g.name: g.power for g in found.gradients}
    for g in due.gradients:
        assert powers[g.name] == pytest.approx(g.power, rel=1e-5)


def test_a_reentrant_backward_leaves_gradients_and_their_hooks_alone() -> None:
    net, stepped = Blocks("reentrant"), []
    net.start.weight.grad = torch.ones(16, 16)
    net.out.weight.register_post_accumulate_grad_hook(lambda p: stepped.append(p))
    trace(net, (torch.randn(4, 16),))
    assert torch.equal(net.start.weight.grad, torch.ones(16, 16))
    assert net.out.weight.grad is None
    assert not stepped
    net(torch.randn(4, 16)).sum().backward()
    assert len(stepped) == 1


@pytest.mark.parametrize("batch_first", [True, False])
def test_attention_is_seen_from_inside(batch_first) -> None:
    torch.manual_seed(0)
    attention = nn.MultiheadAttention(16, 2, batch_first=batch_first)

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attn = attention

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.attn(x, x, x)[0]

    x = torch.randn(6, 5, 16)
    found = trace(Net(), (x,))
    labels = [n.label for n in found.nodes if n.kind == "affine"]
    assert labels == ["attn:linear", "attn.out_proj:linear"]
    assert [n.weight for n in found.nodes if n.kind == "affine"] == ["attn.in_proj_weight", "attn.out_proj.weight"]
    projected = next(n for n in found.nodes if n.weight == "attn.in_proj_weight")
    due = nn.functional.linear(x, attention.in_proj_weight, attention.in_proj_bias)
    assert projected.q == pytest.approx(due.double().square().mean().item(), rel=1e-5)
    assert all(n.g == n.g for n in found.nodes if n.kind == "affine")
    # torch's own function was neither replaced nor changed
    assert nn.functional.multi_head_attention_forward.__globals__["has_torch_function"] is not None
    assert torch.equal(Net().attn(x, x, x)[0], attention(x, x, x)[0])


def test_an_encoder_layer_takes_no_fast_path() -> None:
    net = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2, enable_nested_tensor=False)
    found = trace(net.requires_grad_(False), (torch.randn(4, 5, 16),))
    assert sum(n.kind == "affine" for n in found.nodes) == 8


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # torch's compiler, on import
def test_compiled_parts_run_uncompiled_and_are_seen() -> None:
    torch.manual_seed(0)
    inner = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))
    net = torch.compile(nn.Sequential(inner, nn.Linear(8, 2)))
    found = trace(net, (torch.randn(4, 8),))
    assert [n.label for n in found.nodes] == ["input", "0.0:linear", "0.1:relu", "0.2:linear", "1:linear"]
    assert "uncompiled" in found.notes[0]
    assert trace(inner, (torch.randn(4, 8),)).notes == ()


def test_a_lazy_model_is_run_on_a_copy() -> None:
    net = nn.Sequential(nn.LazyLinear(8), nn.ReLU(), nn.LazyLinear(2))
    found = trace(net, (torch.randn(4, 5),))
    assert [n.shape for n in found.nodes] == [(4, 5), (4, 8), (4, 8), (4, 2)]
    assert nn.parameter.is_lazy(net[0].weight)
    assert net.training


def test_autocast_is_told_by_the_dtypes() -> None:
    class Auto(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin = nn.Linear(8, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                return self.lin(x)

    assert [n.dtype for n in trace(Auto(), (torch.randn(4, 8),)).nodes] == ["float32", "bfloat16"]


def test_computed_and_tied_weights() -> None:
    normed = nn.utils.parametrizations.weight_norm(nn.Linear(8, 8))
    node = trace(normed, (torch.randn(4, 8),)).nodes[-1]
    assert (node.kind, node.fan) == ("affine", 8)
    assert node.weight_std == pytest.approx(normed.weight.square().mean().sqrt().item(), rel=1e-5)

    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.emb = nn.Embedding(9, 8)
            self.head = nn.Linear(8, 9, bias=False)
            self.head.weight = self.emb.weight

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(self.emb(x))

    nodes = trace(Tied(), (torch.randint(0, 9, (4, 3)),)).nodes
    assert [n.kind for n in nodes[1:]] == ["lookup", "affine"]
    assert nodes[2].gain2 == pytest.approx(8 * nodes[1].weight_std ** 2)


def test_attributes_that_are_views_do_not_break_the_chain() -> None:
    class Turned(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.randn(5, 3))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return (self.w.T @ x.mT).mT

    nodes = trace(Turned(), (torch.randn(4, 2, 5),)).nodes
    product = next(n for n in nodes if n.kind == "affine")
    assert (product.fan, product.weight) == (5, "w")
    assert product.parents


def test_einsum_with_a_weight_has_a_fan() -> None:
    class Sum(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.randn(2, 3, 7))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.einsum("bhi,hio->bo", x, self.w)

    assert trace(Sum(), (torch.randn(4, 2, 3),)).nodes[-1].fan == 6


def test_what_is_not_finite_is_marked_and_masks_are_not() -> None:
    class Masked(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            scores = x.masked_fill(torch.arange(8) < 3, -torch.inf)
            return torch.log(scores.softmax(-1)) - torch.inf * 0

    nodes = trace(Masked(), (torch.randn(4, 8),)).nodes
    assert {n.op: n.bad for n in nodes} == {
        "input": False, "masked_fill": False, "softmax": False, "log": False, "sub": True,
    }  # fmt: skip
