"""Scale on a forward pass: single layers, whole chains, factors and biases added by hand, orthogonal matrices."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

SMALL, LARGE = "scale-too-small", "scale-too-large"


class Dense(nn.Module):
    """x @ w + b, with the weight as (in, out)."""

    def __init__(self, i: int, o: int, std: float) -> None:
        super().__init__()
        self.kernel, self.bias = nn.Parameter(torch.randn(i, o) * std), nn.Parameter(torch.zeros(o))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x @ self.kernel + self.bias)


def plain(gain2: float, depth: int, width: int = 64) -> nn.Sequential:
    """Layers with fan Var W = gain2 before ReLU, and an output layer."""
    layers: list[nn.Module] = []
    for _ in range(depth):
        lin = nn.Linear(width, width)
        nn.init.normal_(lin.weight, 0.0, math.sqrt(gain2 / width))
        nn.init.zeros_(lin.bias)
        layers += [lin, nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, 10))


@pytest.mark.parametrize("gain2", [2.0, 1.6, 2.5])
def test_a_critical_chain_passes(failing, gain2: float) -> None:
    net = plain(gain2, 14)
    assert not failing(SMALL, net, inputs=(torch.randn(8, 64),))
    assert not failing(LARGE, net, inputs=(torch.randn(8, 64),))


def test_small_errors_multiply_whatever_one_network_does(failing) -> None:
    """Xavier with gain 1 before ReLU: 2^-13 over 13 steps, ln -9.0, for any seed."""
    for seed in range(10):
        torch.manual_seed(seed)
        (outcome,) = failing(SMALL, plain(1.0, 14), inputs=(torch.randn(8, 64),)).values()
        assert outcome.severity.value == "warning"
        assert outcome.measured == pytest.approx(-13 * math.log(2), abs=0.5)
        assert not failing(LARGE, plain(1.0, 14), inputs=(torch.randn(8, 64),))
    assert failing(LARGE, plain(4.0, 14), inputs=(torch.randn(8, 64),))


def test_the_output_layer_is_not_of_the_chain(failing) -> None:
    net = plain(2.0, 6)
    nn.init.normal_(net[-1].weight, 0.0, 1e-4)
    assert not failing(SMALL, net, inputs=(torch.randn(8, 64),))


def test_a_bias_added_by_hand_is_part_of_the_layer(failing) -> None:
    sound = nn.Sequential(Dense(256, 16, math.sqrt(2 / 256)), Dense(16, 256, math.sqrt(2 / 16)), nn.Linear(256, 3))
    swapped = nn.Sequential(Dense(256, 16, math.sqrt(2 / 16)), Dense(16, 256, math.sqrt(2 / 256)), nn.Linear(256, 3))
    x = (torch.randn(32, 256),)
    assert not failing(LARGE, sound, inputs=x)
    assert set(failing(LARGE, swapped, inputs=x)) == {"0.kernel"}


def test_a_factor_between_layer_and_activation_counts(failing) -> None:
    class Sine(nn.Module):
        def __init__(self, omega: float) -> None:
            super().__init__()
            self.linear, self.omega = nn.Linear(128, 128), omega
            nn.init.kaiming_uniform_(self.linear.weight, nonlinearity="linear")
            with torch.no_grad():
                self.linear.weight.div_(30)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sin(self.omega * self.linear(x))

    x = (torch.randn(16, 128),)
    for omega, wrong in ((30.0, False), (1.0, True)):
        net = nn.Sequential(Sine(omega), Sine(omega), nn.Linear(128, 2))
        assert bool(failing(SMALL, net, inputs=x)) is wrong
        assert not failing(LARGE, net, inputs=x)


def test_a_factor_for_an_input_of_unit_length(failing) -> None:
    """nGPT: rows and tokens of length 1, so that sqrt(dim) makes products of variance 1."""

    class Gate(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear, self.out = nn.Linear(64, 256, bias=False), nn.Linear(256, 2)
            with torch.no_grad():
                self.linear.weight.copy_(nn.functional.normalize(torch.randn(256, 64)))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.out(nn.functional.silu(self.linear(x) * 8))

    x = torch.randn(16, 64)
    assert not failing(LARGE, Gate(), inputs=(nn.functional.normalize(x),))
    assert failing(LARGE, Gate(), inputs=(x,))


def test_a_typed_constant_mistook_no_fan(failing) -> None:
    """DiT's time embedding: N(0, 0.02) at a fan of 32, factor 0.005 of what SiLU needs, on purpose."""
    net = nn.Sequential(nn.Linear(32, 64), nn.SiLU(), nn.Linear(64, 64))
    for layer in (net[0], net[2]):
        nn.init.normal_(layer.weight, std=0.02)
    assert not failing(SMALL, net, inputs=(torch.randn(8, 32),))
    nn.init.normal_(net[0].weight, std=math.sqrt(2 / 1100))  # a fan-in of 1,100 where it is 32
    assert set(failing(SMALL, net, inputs=(torch.randn(8, 32),))) == {"0.weight"}


@pytest.mark.parametrize("shape", [(64, 64), (96, 48), (48, 96)])
def test_an_orthogonal_matrix_has_an_exact_scale(failing, shape: tuple[int, int]) -> None:
    w = nn.init.orthogonal_(torch.empty(shape), gain=0.5)
    assert not failing(SMALL, {"w": w}, expect={"w": "orthogonal(gain=0.5)"})
    assert not failing(LARGE, {"w": w}, expect={"w": "orthogonal(gain=0.5)"})
    assert failing(SMALL, {"w": w}, expect={"w": "orthogonal()"})
    assert failing(LARGE, {"w": w}, expect={"w": "orthogonal(gain=0.4)"})


class Squeezed(nn.Module):
    """A squeeze-and-excitation of 96 channels into 4, drawn by the fan of choice."""

    def __init__(self, mode: str, groups: int = 1) -> None:
        super().__init__()
        self.first, self.down, self.up = nn.Conv2d(3, 96, 3), nn.Conv2d(96, 4, 1, groups=groups), nn.Conv2d(4, 96, 1)
        self.last = nn.Conv2d(96, 5, 3)
        for layer in (self.down, self.up):
            nn.init.xavier_normal_(layer.weight) if mode == "both" else nn.init.kaiming_normal_(layer.weight, mode=mode)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.first(x))
        gate = torch.sigmoid(self.up(nn.functional.silu(self.down(x.mean((2, 3), keepdim=True)))))
        return self.last(x * gate)


def test_a_layer_that_keeps_the_gradients_power_is_not_asked_for_the_signals(failing) -> None:
    """He et al. (2015): with fan_out in every layer the forward factors telescope, 96/4 * 4/96."""
    for seed in range(5):
        torch.manual_seed(seed)
        for mode in ("fan_in", "fan_out", "both"):
            net, x = Squeezed(mode), (torch.randn(4, 3, 12, 12),)
            assert not failing(LARGE, net, inputs=x)
            assert not failing(SMALL, net, inputs=x)


def test_a_fan_that_only_looks_like_fan_out_is_asked(failing) -> None:
    """From fan_out = 4 come 0.5 and 0.71; 0.6 is nobody's, and torch's fan_out of a grouped layer is nobody's."""
    torch.manual_seed(0)
    net, x = Squeezed("fan_in"), (torch.randn(4, 3, 12, 12),)
    nn.init.normal_(net.down.weight, std=0.6)
    assert set(failing(LARGE, net, inputs=x)) == {"down.weight"}
    grouped = nn.Sequential(
        nn.Conv2d(64, 256, 1), nn.ReLU(), nn.Conv2d(256, 256, 1, groups=64), nn.ReLU(), nn.Conv2d(256, 9, 1)
    )
    nn.init.kaiming_normal_(grouped[2].weight, mode="fan_out")
    assert set(failing(SMALL, grouped, inputs=(torch.randn(4, 64, 5, 5),))) == {"2.weight"}
