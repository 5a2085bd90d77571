"""Theory beside every operation: closed forms on layers drawn by hand, whole models within their finite-width noise."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from embcheck.propagation.traced.hand_norm import hand_written_norm
from embcheck.propagation.traced.model_theory import Theory, theory_of
from embcheck.propagation.traced.trace import trace


def theory(net: nn.Module, x, seed: int = 0) -> dict[str, tuple]:
    """(node, theory) by label; the last one of a label that repeats."""
    torch.manual_seed(seed)
    found = trace(net, x if isinstance(x, tuple) else (x,), seed=seed)
    return {n.label: (n, t) for n, t in zip(found.nodes, theory_of(found), strict=True)}


class Fn(nn.Module):
    def __init__(self, fn, **layers: nn.Module) -> None:
        super().__init__()
        self.fn = fn
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, *x: torch.Tensor) -> torch.Tensor:
        return self.fn(self, *x)


def gaussian(width: int = 512, sigma: float = 1.0) -> nn.Linear:
    layer = nn.Linear(width, width)
    nn.init.normal_(layer.weight, std=sigma / math.sqrt(width))
    nn.init.zeros_(layer.bias)
    return layer


def test_a_linear_layer_multiplies_by_fan_times_variance_and_adds_its_bias() -> None:
    torch.manual_seed(0)
    layer = gaussian(256, 1.5)
    nn.init.normal_(layer.bias, std=0.5)
    x = 2.0 * torch.randn(64, 256)
    node, due = theory(layer, x)["linear"]
    q, w2, b2 = (t.double().square().mean().item() for t in (x, layer.weight, layer.bias))
    mean = layer.weight.double().mean().item()
    assert due.q == pytest.approx(256 * (w2 - mean**2) * q + b2, rel=1e-3)
    assert node.q == pytest.approx(due.q, rel=0.1)
    assert due.s == pytest.approx(256 * w2 * x.double().var(dim=0).mean().item(), rel=1e-3)
    assert node.s == pytest.approx(due.s, rel=0.1)


def test_weights_with_a_mean_add_up_coherently() -> None:
    layer = nn.Linear(400, 300, bias=False)
    nn.init.uniform_(layer.weight, 0, 0.02)  # mean 0.01: of inputs with mean 1 the outputs have mean 4
    node, due = theory(layer, 1 + 0.1 * torch.randn(64, 400))["linear"]
    assert due.q == pytest.approx(node.q, rel=0.02)
    assert due.q == pytest.approx(16, rel=0.05)


@pytest.mark.parametrize(
    ("fn", "v", "d"),
    [
        # closed forms at q = 1: Cho and Saul 2009; erf and sigmoid of Gaussians by quadrature of scipy
        (F.relu, 0.5, 0.5),
        (lambda h: F.leaky_relu(h, 0.2), 0.52, 0.52),
        (torch.tanh, 1 / 1.592537**2, 1 / 1.467414**2),
        (F.gelu, 1 / 1.533530**2, 1 / 1.481114**2),
        (lambda h: F.gelu(h, approximate="tanh"), 1 / 1.533581**2, 1 / 1.481168**2),
        (F.selu, 1.0, 1 / 0.966026**2),
        (torch.sigmoid, 1 / 1.846229**2, 1 / 4.722646**2),
        (F.silu, 1 / 1.676532**2, 1 / 1.623320**2),
    ],
)
def test_activations_of_gaussian_units(fn, v, d) -> None:
    """The gains are those of the table in Poole et al.'s notation: 1/sqrt V(1) and 1/sqrt D(1)."""
    torch.manual_seed(1)
    net = Fn(lambda self, x: fn(self.lin(x)), lin=gaussian(512))
    x = torch.randn(64, 512)
    x = x / x.square().mean(dim=1, keepdim=True).sqrt()
    found = theory(net, x)
    label = next(name for name in found if name not in {"input", "lin:linear"})
    node, due = found[label]
    before, behind = found["lin:linear"]
    assert due.q == pytest.approx(v, rel=0.03)  # q of the units is 1 to 2/512
    assert node.q == pytest.approx(due.q, rel=0.05)
    assert node.s == pytest.approx(due.s, rel=0.05)
    assert behind.g == pytest.approx(d * node.g, rel=0.03)
    assert before.g == pytest.approx(behind.g, rel=0.05)


def test_units_about_a_mean_are_not_taken_for_centred() -> None:
    """relu of N(-1, 1): E[relu^2] = (1 + 1) Phi(-1) - phi(1), by parts."""
    torch.manual_seed(2)
    layer = gaussian(512)
    nn.init.constant_(layer.bias, -1.0)
    net = Fn(lambda self, x: F.relu(self.lin(x)), lin=layer)
    node, due = theory(net, torch.randn(256, 512))["relu"]
    closed = 2 * 0.15865525 - 0.24197072
    assert due.q == pytest.approx(closed, rel=0.03)
    assert node.q == pytest.approx(due.q, rel=0.05)
    assert node.s == pytest.approx(due.s, rel=0.05)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("padding", [0, 1, "same"])
def test_padding_takes_its_share_of_a_convolution(stride, padding) -> None:
    """3x3 "same" on H x H keeps ((3H - 2) / 3H)^2 of the taps."""
    if padding == "same" and stride == 2:
        return
    torch.manual_seed(0)
    layer = nn.Conv2d(64, 64, 3, stride, padding, bias=False)
    nn.init.normal_(layer.weight, std=1 / math.sqrt(576))
    node, due = theory(layer, torch.randn(8, 64, 8, 8))["conv2d"]
    if stride == 1 and padding != 0:
        assert due.q == pytest.approx((22 / 24) ** 2, rel=0.02)
    assert node.q == pytest.approx(due.q, rel=0.05)
    assert node.s == pytest.approx(due.s, rel=0.05)


@pytest.mark.parametrize(
    "norm",
    [nn.LayerNorm(128), nn.RMSNorm(128), nn.BatchNorm1d(128), nn.GroupNorm(8, 128)],
    ids=lambda n: type(n).__name__,
)
def test_norms(norm) -> None:
    torch.manual_seed(0)
    nn.init.normal_(norm.weight, 1.0, 0.3)
    if getattr(norm, "bias", None) is not None:
        nn.init.normal_(norm.bias, 0.0, 0.5)
    net = Fn(lambda self, x: self.out(self.norm(x)), norm=norm, out=gaussian(128))
    found = theory(net, 0.01 * torch.randn(256, 128))
    node, due = next(pair for name, pair in found.items() if name.startswith("norm:"))
    assert node.q == pytest.approx(due.q, rel=0.02)
    assert node.g == pytest.approx(due.g, rel=0.05)


def test_a_norm_hands_back_the_gradient_over_its_scale() -> None:
    torch.manual_seed(0)
    net = Fn(lambda self, x: self.norm(self.lin(x)), lin=gaussian(256, 0.05), norm=nn.LayerNorm(256))
    node, due = theory(net, torch.randn(64, 256))["lin:linear"]
    assert due.g == pytest.approx(1 / 0.05**2, rel=0.1)
    assert node.g == pytest.approx(due.g, rel=0.05)


def test_a_norm_written_by_hand_is_a_norm() -> None:
    def llama(self, x: torch.Tensor) -> torch.Tensor:
        h = self.lin(x)
        return h * torch.rsqrt(h.pow(2).mean(-1, keepdim=True) + 1e-6)

    node, due = theory(Fn(llama, lin=gaussian(128, 0.1)), torch.randn(16, 128))["mul"]
    assert due.q == pytest.approx(1, rel=1e-3)
    assert node.q == pytest.approx(due.q, rel=1e-3)
    # but not where another tensor is scaled by it
    other = Fn(lambda self, x: x * torch.rsqrt(self.lin(x).pow(2).mean(-1, keepdim=True)), lin=gaussian(128))
    found = trace(other, (torch.randn(16, 128),))
    assert hand_written_norm(found, found.nodes[-1]) is None


def test_branches_add_their_powers_only_if_they_are_independent() -> None:
    x = torch.randn(32, 256)
    node, due = theory(Fn(lambda self, x: x + self.lin(x), lin=gaussian(256)), x)["add"]
    assert due.q == pytest.approx(2, rel=0.1)
    assert node.q == pytest.approx(due.q, rel=0.05)
    twice = theory(Fn(lambda self, x: self.lin(x) + self.lin(x), lin=gaussian(256)), x)["add"]
    assert math.isnan(twice[1].q)  # one weight: not independent, and nothing is claimed

    def doubled(self, x: torch.Tensor) -> torch.Tensor:
        h = self.lin(x)
        return h + h

    node, due = theory(Fn(doubled, lin=gaussian(256)), x)["add"]
    assert node.q == pytest.approx(due.q, rel=1e-6)


def test_gradients_that_meet_are_added() -> None:
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.a(x)
        return h + self.b(h)

    torch.manual_seed(0)
    net = Fn(forward, a=gaussian(256), b=gaussian(256, 2.0))
    node, due = theory(net, torch.randn(32, 256))["a:linear"]
    assert due.g == pytest.approx(5, rel=0.05)
    assert node.g == pytest.approx(due.g, rel=0.1)


def test_numbers_constants_joins_and_lookups() -> None:
    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        e = self.emb(ids) * 3.0 / 2.0
        e = e + self.pos
        return torch.cat([e, self.lin(e)], dim=-1)

    net = Fn(forward, emb=nn.Embedding(50, 128), lin=gaussian(128))
    net.pos = nn.Parameter(torch.randn(6, 128))
    found = theory(net, torch.randint(0, 50, (16, 6)))
    power = net.emb.weight.double().square().mean().item()
    assert found["emb:embedding"][1].q == pytest.approx(power, rel=1e-5)
    assert found["mul"][1].q == pytest.approx(9 * found["emb:embedding"][0].q, rel=1e-5)
    for label in ("div", "add", "cat"):
        node, due = found[label]
        assert node.q == pytest.approx(due.q, rel=0.05), label
        assert node.s == pytest.approx(due.s, rel=0.1), label


@pytest.mark.parametrize("causal", [False, True])
def test_attention_that_is_nearly_uniform(causal) -> None:
    """A token in common makes the values correlated: what uniform attention cannot average away."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = (f(x).unflatten(-1, (4, 32)).transpose(1, 2) for f in (self.q, self.k, self.v))
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal)

    torch.manual_seed(0)
    x = (torch.randn(8, 24, 128) + torch.randn(8, 1, 128)) / math.sqrt(2)
    net = Fn(forward, q=gaussian(128, 0.5), k=gaussian(128, 0.5), v=gaussian(128))
    node, due = theory(net, x)["scaled_dot_product_attention"]
    assert node.q == pytest.approx(due.q, rel=0.03)


def test_what_has_no_theory_says_nothing() -> None:
    found = theory(Fn(lambda self, x: torch.exp(self.lin(x)).cumsum(-1), lin=gaussian(64)), torch.randn(8, 64))
    for label in ("exp", "cumsum"):
        assert math.isnan(found[label][1].q)
    assert isinstance(found["input"][1], Theory)
    # an activation of something that is not Gaussian
    twice = theory(Fn(lambda self, x: torch.tanh(torch.relu(self.lin(x))), lin=gaussian(64)), torch.randn(8, 64))
    assert math.isnan(twice["tanh"][1].q)


def test_a_chain_is_followed_from_its_input() -> None:
    """q = 2, 1, 2, 1, ... of He's initialization from an input of power 1."""
    torch.manual_seed(0)
    layers = [m for _ in range(6) for m in (gaussian(1024, math.sqrt(2)), nn.ReLU())]
    x = torch.randn(16, 1024)
    found = trace(nn.Sequential(*layers), (x / x.square().mean().sqrt(),))
    due = [t.q_path for t in theory_of(found)][1:]
    assert due == pytest.approx([2, 1] * 6, rel=0.02)
    seen = [n.q for n in found.nodes][1:]
    # one network of this width: c sum 1/n = 5 * 6 / 1024 is its variance
    assert seen == pytest.approx(due, rel=4 * math.sqrt(30 / 1024))


def test_a_gpt2_style_block_from_its_own_init() -> None:
    class Block(nn.Module):
        def __init__(self, d: int) -> None:
            super().__init__()
            self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
            self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
            self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            q, k, v = self.qkv(self.ln1(x)).chunk(3, dim=-1)
            q, k, v = (t.unflatten(-1, (4, -1)).transpose(1, 2) for t in (q, k, v))
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
            x = x + self.proj(a)
            return x + self.down(F.gelu(self.up(self.ln2(x))))

    torch.manual_seed(0)
    net = nn.Sequential(nn.Embedding(500, 128), Block(128), Block(128), nn.LayerNorm(128))
    for m in net.modules():
        if isinstance(m, (nn.Linear, nn.Embedding)):
            nn.init.normal_(m.weight, std=0.02)
            if getattr(m, "bias", None) is not None:
                nn.init.zeros_(m.bias)
    found = trace(net, (torch.randint(0, 500, (8, 32)),))
    pairs = [(n, t) for n, t in zip(found.nodes, theory_of(found), strict=True) if n.shown]
    known = [(n, t) for n, t in pairs if not math.isnan(t.q)]
    assert len(known) == len(pairs)
    for n, t in known:
        assert n.q == pytest.approx(t.q, rel=0.15), n.label  # sqrt(2 / 128) of a projection, and its tokens are alike
    back = [(n, t) for n, t in pairs if not math.isnan(t.g) and n.g == n.g]
    assert len(back) > len(pairs) // 2
    for n, t in back:
        assert n.g == pytest.approx(t.g, rel=0.15), n.label
