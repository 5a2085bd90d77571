"""Singular values of the Jacobian: probes against an SVD, theory against published values."""

from __future__ import annotations

import math

import pytest
import torch

from embcheck.propagation.measured.isometry import isometry_theory, measure_isometry
from embcheck.propagation.measured.measure import Stream
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.prediction import predict
from embcheck.propagation.weights import Bias, Initializer


def stream(init: str, gain: float | None, depth: int, width: int, bias: str = "0", **kwargs: object) -> Stream:
    return Stream(Initializer(init, gain), Bias(bias), (width,) * (depth + 1), **kwargs)  # type: ignore[arg-type]


def test_probes_see_what_an_svd_sees() -> None:
    s, f = stream("xavier_normal", 1.5, 5, 48, bias="0.2", dtype=torch.float64), activation("tanh")
    x = s.draw_inputs(0, (1, 48))
    weights = [s.draw(0, layer) for layer in range(1, 6)]
    jacobian = torch.eye(48, dtype=torch.float64)
    for i, (w, b) in enumerate(weights):
        if i:
            jacobian = w @ torch.diag(1 - torch.tanh(x[0]) ** 2) @ jacobian
            x = torch.tanh(x)
        x = x @ w.t() + b
    squared = torch.linalg.svdvals(jacobian) ** 2
    exact = float((squared**2).mean() / squared.mean() ** 2 - 1)
    assert measure_isometry(s, f, 0, probes=4000) == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize(
    ("init", "gain", "depth", "published"),
    [("kaiming_normal", None, 4, 8), ("kaiming_normal", None, 8, 16), ("orthogonal", math.sqrt(2), 4, 4)],
)
def test_relu_of_pennington(init: str, gain: float | None, depth: int, published: float) -> None:
    """2 L for Gaussian and L for orthogonal weights, of L factors: simulated elsewhere as 8.12, 16.8 and 3.84."""
    s, f = stream(init, gain, depth + 1, 256), activation("relu")
    prediction = predict(f, s.init, s.bias, s.widths)
    assert prediction is not None
    assert isometry_theory(f, prediction, init == "orthogonal") == pytest.approx(published, rel=1e-12)
    seen = torch.tensor([measure_isometry(s, f, r) for r in range(8)])
    # at width 256 the limit of infinite width is good to a few percent
    assert abs(seen.mean() - published) < 4 * seen.std() / math.sqrt(8) + 0.08 * published


def test_orthogonal_linear_networks_are_isometric() -> None:
    """Saxe et al. 2013: every singular value is 1."""
    seen = measure_isometry(stream("orthogonal", None, 10, 64), activation("linear"), 0, probes=200)
    assert seen == pytest.approx(0.0, abs=0.02)


def test_deep_networks_neither_overflow_nor_underflow() -> None:
    for gain in (0.5, 3.0):
        seen = measure_isometry(stream("xavier_normal", gain, 300, 16), activation("tanh"), 0)
        assert seen is not None
        assert 0 < seen < 1e4


def test_what_has_no_square_jacobian_has_none() -> None:
    f = activation("relu")
    assert measure_isometry(Stream(Initializer("kaiming_normal"), Bias("0"), (8, 16, 8)), f, 0) is None
    assert measure_isometry(stream("kaiming_normal", None, 1, 8), f, 0) is None
    assert measure_isometry(stream("kaiming_normal", None, 3, 8, gated=True), activation("glu"), 0) is None
    assert measure_isometry(stream("normal", None, 40, 64), activation("relu2"), 0) is None
