"""Residual, norm, convolution and transformer blocks: theory, exact identities, and an independent backward pass."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from embcheck.propagation.measured.blocks import block
from embcheck.propagation.measured.exact_backward import exact_gradient
from embcheck.propagation.measured.measure import Stream
from embcheck.propagation.measured.measure_blocks import measure_blocks
from embcheck.propagation.request import configurations
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.architectures import predict_architecture
from embcheck.propagation.weights import Bias, Initializer


def theory(**wanted: Any) -> tuple[float, float, float]:
    """Totals of forward, signal and gradient."""
    (c,) = configurations(**wanted)
    found = predict_architecture(c)
    assert found is not None
    path = found.path
    return path.log_q[-1] - path.log_q[0], path.log_s[-1] - path.log_s[0], path.log_g[0]


def test_a_he_residual_stream_doubles() -> None:
    forward, _, gradient = theory(architecture="residual", depth=21, width=64)
    assert forward == pytest.approx(20 * math.log(2), rel=1e-12)
    assert gradient == pytest.approx(20 * math.log(2), rel=1e-12)


def test_scaled_branches_grow_by_e_in_all() -> None:
    """Taki 2017: (1 + 1/L)^L."""
    forward, _, gradient = theory(architecture="residual-scaled", depth=400, width=64)
    assert forward == pytest.approx(399 * math.log1p(1 / 400), rel=1e-12)
    assert gradient == pytest.approx(forward, rel=1e-12)


def test_pre_norm_streams_grow_linearly() -> None:
    """Each He branch adds V(2) sw2 = 2 to a stream that starts at 1."""
    forward, _, _ = theory(architecture="pre-norm", depth=100, width=64)
    assert forward == pytest.approx(math.log(201 / 3), rel=1e-4)


def test_padding_drains_a_convolution() -> None:
    """A 3x3 "same" convolution on 8x8 tends to ((1 + 2 cos(pi/9)) / 3)^2 = 0.92121 a layer."""
    (c,) = configurations(60, 16, architecture="conv")
    found = predict_architecture(c)
    assert found is not None
    q = found.path.log_q
    assert math.exp(q[-1] - q[-2]) == pytest.approx(((1 + 2 * math.cos(math.pi / 9)) / 3) ** 2, rel=1e-9)


@pytest.mark.parametrize(
    ("architecture", "name"),
    [("residual", "relu"), ("residual", "tanh"), ("residual-scaled", "gelu"), ("pre-norm", "relu"),
     ("pre-norm", "swiglu"), ("post-norm", "tanh"), ("conv", "tanh"), ("conv", "relu")],
)  # fmt: skip
def test_theory_is_what_networks_do(measured: Any, architecture: str, name: str) -> None:
    record = measured(architecture=architecture, activation=name, depth=8, width=96, seeds=6)
    for channel in record.channels:
        assert channel.theory is not None
        error = torch.tensor(channel.totals).std().item() / math.sqrt(6)
        # the mean field leaves out a drift of order depth * c / (2 n) and the correlation of narrow streams
        assert abs(channel.mean - channel.theory) < 4 * error + 8 * 5 / (2 * 96) + 0.1, channel.name


def test_a_zero_branch_is_the_identity_to_the_bit(measured: Any) -> None:
    record = measured(architecture="residual-zero", activation="gelu", depth=12, width=32)
    for channel in record.channels[:2]:
        assert set(channel.totals) == {0.0}
    assert max(map(abs, record.gradient.totals)) < 1e-6


def test_transformers_are_read_after_every_block(measured: Any) -> None:
    record = measured(architecture="transformer", activation="gelu", init="xavier_uniform", depth=3, width=64, seeds=3)
    assert all(math.isfinite(layer.log_q + layer.log_s + layer.log_g) for layer in record.layers)
    assert record.layers[2].name == "block 3"
    assert all(0 < layer.cosine < 1 for layer in record.layers)


def test_attention_is_causal() -> None:
    made = block("transformer", activation("relu"), 32, 1, tokens=6)
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(s, generator=generator) / math.sqrt(s[1]) for s in made.shapes]
    x = torch.randn((1, 6, 32), generator=generator)
    changed = x.clone()
    changed[0, 4] = -changed[0, 4]
    difference = (made.forward(changed, weights, []) - made.forward(x, weights, [])).abs().sum(dim=-1)[0]
    assert (difference[:4] == 0).all()
    assert (difference[4:] > 1e-3).all()


@pytest.mark.parametrize("architecture", ["residual", "pre-norm", "conv", "transformer", "mlp"])
def test_inputs_have_the_scale_asked_for(measured: Any, architecture: str) -> None:
    """Small inputs: the branch of a pre-norm stream, which adds the same power, weighs more."""
    wide = measured(architecture=architecture, depth=3, width=64, seeds=4, input_std=0.1)
    assert wide.layers[0].log_q == pytest.approx(wide.layers[0].log_q_theory, abs=0.25)
    assert wide.layers[2].log_q == pytest.approx(wide.layers[2].log_q_theory, abs=0.35)


@pytest.mark.parametrize("architecture", ["pre-norm", "conv", "residual", "transformer"])
def test_tangents_and_a_true_backward_pass_agree(measured: Any, architecture: str) -> None:
    """Both estimate ln |J|_F^2; each seed's differ by their own random vectors."""
    tangent = measured(architecture=architecture, depth=6, width=64, seeds=8)
    exact = measured(architecture=architecture, depth=6, width=64, seeds=8, exact=True)
    assert exact.forward.totals == tangent.forward.totals
    assert exact.gradient.mean == pytest.approx(tangent.gradient.mean, abs=0.25)


def test_the_exact_backward_pass_of_a_chain_is_autograds() -> None:
    stream = Stream(Initializer("kaiming_normal"), Bias("0.1"), (24, 24, 24, 24))
    found = exact_gradient(stream, activation("tanh"), 0, 6)
    weights, biases = [], []
    for layer in (1, 2, 3):
        generator = stream.generator(0, layer)
        weights.append(stream.init.fill(torch.empty(24, 24), generator))
        biases.append(stream.draw_bias(24, 24, generator))
    h = torch.randn(6, 24, generator=stream.generator(0, "inputs")) @ weights[0].t() + biases[0]
    hs = [h.requires_grad_(True)]
    for w, b in zip(weights[1:], biases[1:], strict=True):
        hs.append(torch.tanh(hs[-1]) @ w.t() + b)
    u = torch.randn(6, 24, generator=stream.generator(0, "cotangents"))
    grads = torch.autograd.grad(hs[-1], hs, u)
    size = [g.square().mean(dim=1).log() for g in grads]
    assert found == pytest.approx([(s - size[-1]).mean().item() for s in size], abs=1e-5)


def test_a_forward_that_overflows_has_no_exact_gradient() -> None:
    stream = Stream(Initializer("normal"), Bias("0"), (64,) * 13)
    assert exact_gradient(stream, activation("relu2"), 0, 4) is None


def test_an_overflowing_stream_names_its_block() -> None:
    stream = Stream(Initializer("normal"), Bias("0"), (64,) * 41)
    reading = measure_blocks(stream, activation("relu2"), "residual", 0, inputs=4)
    assert 1 <= reading.first_bad < 10
    assert len(reading.log_q) == 40
