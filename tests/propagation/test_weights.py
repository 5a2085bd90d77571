"""Initializers and biases as they are typed: the law, the draw, and what is refused."""

from __future__ import annotations

import math

import pytest
import torch

from embcheck.errors import UsageError
from embcheck.propagation.weights import NAMES, Bias, Initializer

SHAPE = (300, 500)


@pytest.mark.parametrize("gain", [None, 0.7])
@pytest.mark.parametrize("text", [n for n in NAMES if n not in {"constant", "dirac"}] + ["normal(0, 1/sqrt(fan_in))"])
def test_the_moment_is_what_is_drawn(text: str, gain: float | None) -> None:
    made = Initializer(text, gain)
    w = made.fill(torch.empty(SHAPE), torch.Generator().manual_seed(1))
    if text in {"uniform", "ones", "eye"}:
        assert made.structure(SHAPE) == "other"
        return
    # 150,000 draws: relative standard error of the second moment below sqrt(2 / 150000) = 0.4% (sparse: 3%)
    assert float(w.double().square().mean()) == pytest.approx(
        made.moment(SHAPE), rel=0.12 if text == "sparse" else 0.02
    )


def test_it_is_torchs_own_draw() -> None:
    for name in ("kaiming_normal", "xavier_uniform", "orthogonal", "trunc_normal"):
        mine = Initializer(name).fill(torch.empty(20, 30), torch.Generator().manual_seed(3))
        theirs = getattr(torch.nn.init, f"{name}_")(torch.empty(20, 30), generator=torch.Generator().manual_seed(3))
        assert torch.equal(mine, theirs)


def test_default_is_nn_linears() -> None:
    made, bias = Initializer("default"), Bias("default")
    layer = torch.nn.Linear(64, 2000)
    assert made.moment((2000, 64)) == pytest.approx(float(layer.weight.detach().double().var()), rel=0.02)
    assert bias.moment(64) == pytest.approx(float(layer.bias.detach().double().var()), rel=0.1)
    assert 64 * made.moment((64, 64)) == pytest.approx(1 / 3)
    assert bias.moment(64) == pytest.approx(1 / (3 * 64))


@pytest.mark.parametrize(
    ("text", "gain", "effective"),
    [("kaiming_normal", None, math.sqrt(2)), ("kaiming_uniform(a=1)", None, 1.0), ("default", None, 1 / math.sqrt(3)),
     ("xavier_normal", None, 1.0), ("xavier_normal(gain=3)", None, 3.0),
     ("kaiming_normal(nonlinearity='tanh')", None, 5 / 3),
     ("orthogonal", 2.0, 2.0), ("normal(0, 0.02)", None, 1.0)],
)  # fmt: skip
def test_gains(text: str, gain: float | None, effective: float) -> None:
    assert Initializer(text, gain).effective_gain() == pytest.approx(effective)


def test_a_gain_replaces_the_initializers_own() -> None:
    n = SHAPE[1]
    for text in ("kaiming_normal", "kaiming_uniform(a=0.3)", "default"):
        assert n * Initializer(text, 1.5).moment(SHAPE) == pytest.approx(2.25)
    assert max(SHAPE) * Initializer("orthogonal", 1.5).moment(SHAPE) == pytest.approx(2.25)
    assert Initializer("kaiming_normal(mode='fan_out')", 1.5).moment(SHAPE) == pytest.approx(2.25 / SHAPE[0])


@pytest.mark.parametrize(
    ("text", "std"), [("0.3", 0.3), ("normal(0, 0.1)", 0.1), ("uniform(-0.3, 0.3)", 0.3 / math.sqrt(3)), ("0", 0.0)]
)
def test_biases(text: str, std: float) -> None:
    bias = Bias(text)
    drawn = bias.fill(torch.empty(100_000), 10, torch.Generator().manual_seed(0))
    assert math.sqrt(bias.moment(10)) == pytest.approx(std)
    assert float(drawn.double().std()) == pytest.approx(std, rel=0.02)
    assert bias.centred(10)
    assert not Bias("constant(0.5)").centred(10)


@pytest.mark.parametrize(
    ("text", "part"), [("kaimin_normal", "did you mean kaiming"), ("qqq", "choose from"), ("normal(", "cannot be read"),
                       ("normal(0, x)", "x"), ("xavier_normal(gian=2)", "gian")]
)  # fmt: skip
def test_what_is_no_initializer_is_refused(text: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        Initializer(text).law((4, 4))


@pytest.mark.parametrize("text", ["-1", "nan", "orthogonal()", "nothing"])
def test_what_is_no_bias_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Bias(text)
