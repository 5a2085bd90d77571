"""Numbers that others have published, reproduced."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict

import numpy as np
import pytest
import torch
from torch import nn

import embcheck
from embcheck.propagation.measured.isometry import isometry_theory
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.finite_width import spread
from embcheck.propagation.theory.fixed_points import fixed_point
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.theory.prediction import predict
from embcheck.propagation.theory.trajectory import Step, follow
from embcheck.propagation.weights import Bias, Initializer


def test_selu_map_contracts_as_klambauer_says() -> None:
    """Klambauer et al. 2017, eq. 6: d nu'/d nu = 0.782648 at (0, 1), which is a fixed point."""
    m = moments(activation("selu"), 1.0)
    assert m.slope == pytest.approx(0.782648, abs=5e-7)
    assert pytest.approx(1.0, abs=1e-12) == m.V
    assert pytest.approx(0.0, abs=1e-12) == m.M
    # What the paper does not print: the gradient grows by 7.2% a layer.
    assert pytest.approx(1.071575, abs=5e-7) == m.D


@pytest.mark.parametrize(
    ("name", "cw", "q"), [("gelu", 1.98305826, (3 + math.sqrt(17)) / 2), ("silu", 1.98800468, 14.32017362)]
)
def test_critical_points_of_pdlt(name: str, cw: float, q: float, double_critical) -> None:
    """Roberts, Yaida and Hanin 2022 (Principles of Deep Learning Theory), chapter 5."""
    (point,) = double_critical(activation(name))
    assert point.sigma_w2 == pytest.approx(cw, abs=5e-9)
    assert point.q == pytest.approx(q, rel=1e-8)


def test_the_public_silu_bias_is_ten_times_too_small(double_critical) -> None:
    """Copies of the SiLU critical point give C_b = 0.055514317; the equations say 0.55514317."""
    (point,) = double_critical(activation("silu"))
    assert point.sigma_b2 == pytest.approx(0.55514317, abs=5e-9)


NF_NET = {"relu": 1.713959, "gelu": 1.701504, "silu": 1.788129, "tanh": 1.593912, "sigmoid": 4.803835,
          "softplus": 1.920332, "selu": 1.000852}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NF_NET))
def test_gammas_of_normalizer_free_networks(name: str) -> None:
    """Brock et al. 2021: Monte Carlo values of 1 / sqrt(Var phi), all 0.01 to 0.09 percent high."""
    exact = 1 / math.sqrt(moments(activation(name), 1.0).variance)
    assert exact == pytest.approx(NF_NET[name], rel=1e-3)
    assert exact < NF_NET[name]


def test_he_2015() -> None:
    """Model B with std 0.01 attenuates conv10 to conv2 by 5.9 * 4.2^2 * 2.9^2 * 2.1^4 = 1.7e4; and its stds."""
    relu = moments(activation("relu"), 1.0).V
    ratio = 1.0
    for channels, layers in ((64, 1), (128, 2), (256, 2), (512, 4)):
        ratio *= (relu * 9 * channels * 0.01**2) ** (0.5 * layers)
    assert 1 / ratio == pytest.approx(1.7e4, rel=0.03)
    for channels, std in ((64, 0.059), (128, 0.042), (256, 0.029), (512, 0.021)):
        assert math.sqrt(1 / (relu * 9 * channels)) == pytest.approx(std, abs=6e-4)


def test_edge_of_chaos_of_schoenholz(edge_of_chaos) -> None:
    """Schoenholz et al. 2017: tanh with sb2 = 0.05 is critical at sw2 of about 1.76."""
    (point,) = edge_of_chaos(activation("tanh"), 0.05)
    assert point.sigma_w2 == pytest.approx(1.76, abs=2e-3)


def test_hayou_2019(edge_of_chaos) -> None:
    """1 - c ~ 9 pi^2 / (2 l^2) for ReLU, and beta / l with beta = 2 E[phi'^2] / (q E[phi''^2]) for a smooth phi."""
    path = follow(activation("relu"), [Step(2.0)] * 10_000)
    assert 1e8 * math.exp(path.log_s[-1] - path.log_q[-1]) == pytest.approx(44.25, abs=0.05)
    f, (point,) = activation("tanh"), edge_of_chaos(activation("tanh"), 0.05)
    q = point.q
    z, w = np.polynomial.hermite_e.hermegauss(100)
    h = math.sqrt(q) * z
    second = float((w / w.sum()) @ (2 * np.tanh(h) / np.cosh(h) ** 2) ** 2)
    beta = 2 * moments(f, q).D / (q * second)
    path = follow(f, [Step(point.sigma_w2, point.sigma_b2)] * 2000, q0=(q - point.sigma_b2) / point.sigma_w2)
    assert 2000 * math.exp(path.log_s[-1] - path.log_q[-1]) == pytest.approx(beta, rel=0.02)


def test_hanin_and_nica() -> None:
    """Var ln |J u|^2 = 5 sum 1/n for ReLU."""
    steps = [Step(2.0, 0.0, 200, 200)] * 41
    f = activation("relu")
    assert spread(f, steps, follow(f, steps)).var_t[-1] == pytest.approx(5 * 40 / 200, rel=1e-12)


def test_dynamical_isometry_of_pennington() -> None:
    """sigma^2_JJ = L (mu_2 / mu_1^2 - 1 - s_1): 2 L for Gaussian ReLU (s_1 = -1), L for orthogonal (s_1 = 0)."""
    f, depth = activation("relu"), 9
    p = predict(f, Initializer("kaiming_normal"), Bias("0"), (64,) * (depth + 1))
    assert p is not None
    assert isometry_theory(f, p, orthogonal=False) == pytest.approx(2 * (depth - 1), rel=1e-12)
    assert isometry_theory(f, p, orthogonal=True) == pytest.approx(depth - 1, rel=1e-12)


@pytest.mark.parametrize("name", ["linear", "relu", "leaky_relu"])
def test_exact_gains_of_torch(name: str) -> None:
    gain = 1 / math.sqrt(moments(activation(name), 1.0).V)
    assert gain == pytest.approx(torch.nn.init.calculate_gain(name), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "chi_1", "xi"), [("tanh", 1.2098, None), ("selu", 1.00367, 273), ("sigmoid", 0.055721, 0.35)]
)
def test_empirical_gains_of_torch(name: str, chi_1: float, xi: float | None) -> None:
    """torch advises tanh 5/3 (chaotic), SELU 3/4 (all but the edge of chaos), sigmoid 1 (a third of a layer)."""
    sw = torch.nn.init.calculate_gain(name) ** 2
    p = fixed_point(activation(name), sw, 0.0, sw)
    assert p.chi_1 == pytest.approx(chi_1, rel=1e-4)
    if xi is not None:
        assert abs(p.xi_c) == pytest.approx(xi, rel=0.015)


# activation, sw2, sb2, ratio at q = 1, q*, chi_q, chi_1, xi_c, s_50, ln g_1/g_50: derived and simulated elsewhere.
DEEP = [
    ("relu", 1, 0, .5, 0, .5, .5, 1.44, 2.2e-17, -33.96),
    ("relu", 1 / 3, 1 / 3072, .16699, 3.90625e-4, .16667, .16667, .5581, 6.6e-40, -87.80),
    ("elu", 1, 0, .64495, 0, 1, 1, math.inf, .0024, -5.65),
    ("selu", 1, 0, 1, 1, .782648, 1.071575, -14.47, 1, 3.39),
    ("gelu", 1, 0, .42522, 0, .25, .25, .72, 7.6e-30, -66.46),
    ("gelu", 2.3517, 0, 1, math.inf, 1.1759, 1.1759, None, 78, 8.43),
    ("mish", 2, 0, .90468, 0, .72, .72, 3.04, 1.1e-5, -9.96),
    ("tanh", 1, 0, .39429, 0, 1, 1, math.inf, .0104, -4.22),
    ("tanh", 2, 0, .78859, .617965, .552516, 1.105529, -9.97, .618, 4.07),
    ("sigmoid", 1, 0, .29338, .264687, .049506, .055721, .3463, 2.8e-62, -141.71),
]  # fmt: skip


@pytest.mark.parametrize("row", DEEP, ids=lambda row: f"{row[0]}-{row[1]:.3g}")
def test_deep_limits(row: tuple[str, float, float, float, float, float, float, float | None, float, float]) -> None:
    name, sw, sb, ratio, q, chi_q, chi_1, xi, s_50, log_g = row
    f = activation(name)
    assert sw * moments(f, 1.0).V + sb == pytest.approx(ratio, abs=1e-5, rel=1e-4)
    p = fixed_point(f, sw, sb, sw + sb)
    assert p.q == pytest.approx(q, rel=2e-6)
    assert p.chi_q == pytest.approx(chi_q, rel=5e-5)
    assert p.chi_1 == pytest.approx(chi_1, rel=5e-5)
    if xi is not None:
        assert p.xi_c == pytest.approx(xi, rel=5e-3)
    path = follow(f, [Step(sw, sb)] * 50)
    assert math.exp(path.log_s[-1]) == pytest.approx(s_50, rel=0.06)  # printed with two digits
    assert path.log_g[0] == pytest.approx(log_g, abs=0.01)


def test_no_gain_is_stable_for_gelu_and_its_kin() -> None:
    """V / q increases strictly with q, so that every zero-bias fixed point repels (chi_q > 1)."""
    for name in ("gelu", "silu", "mish", "hardswish"):
        f = activation(name)
        ratios = [moments(f, 10.0**k).V / 10.0**k for k in np.arange(-4, 5.1, 0.25)]
        assert all(a < b for a, b in itertools.pairwise(ratios))
        m = moments(f, 1.0)
        assert m.slope / m.V > 1


def test_c_star_of_a_chaotic_tanh_is_zero(correlation_limit) -> None:
    f = activation("tanh")
    p = fixed_point(f, 25 / 9, 0.0, 1.0)
    assert correlation_limit(f, 25 / 9, p.q) == pytest.approx(0.0, abs=1e-12)


def test_first_loss_of_nanogpt() -> None:
    """ln V + d std^2 / 2 behind a LayerNorm and independent weights: 10.979 at V = 50304, d = 768, std 0.02.

    https://github.com/karpathy/nanoGPT reports 10.93 to 10.97 for its first step, on few targets.
    """
    torch.manual_seed(0)
    norm, head = nn.LayerNorm(768), nn.Linear(768, 50304, bias=False)
    nn.init.normal_(head.weight, 0.0, 0.02)
    inputs = torch.randn(256, 768)
    (outcome,) = embcheck.audit(
        nn.Sequential(OrderedDict(norm=norm, head=head)), inputs=(inputs,), select=["EMB106"], rebuild=False
    ).outcomes
    assert outcome.measured is not None
    predicted = math.log(50304) + 768 * 0.02**2 / 2
    assert predicted == pytest.approx(10.979, abs=5e-4)
    # the logit of a random target has standard deviation 0.554: 0.035 for the mean of 256
    assert outcome.measured == pytest.approx(predicted, abs=4 * 0.554 / 16)
