"""V, M, D and their slopes against closed forms, 30-digit mpmath, and identities."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from embcheck.propagation.theory.activations import NAMES, activation
from embcheck.propagation.theory.gaussian import expectation
from embcheck.propagation.theory.maps import EDGE, log_d, log_v, moments

QS = (1e-3, 0.01, 0.3, 1.0, 4.0, 25.0, 100.0)


def cumulative(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def gelu(q: float) -> tuple[float, float]:
    angle = math.asin(q / (1 + q)) / (2 * math.pi)
    root = math.sqrt(1 + 2 * q)
    V = q * (0.25 + angle) + q * q / (math.pi * (1 + q) * root)
    return V, 0.25 + angle + q / (math.pi * (1 + q) * root) + q / (2 * math.pi * root**3)


def elu(q: float, lam: float = 1.0, alpha: float = 1.0) -> tuple[float, float]:
    with mp.workdps(60):
        tail2 = mp.exp(2 * mp.mpf(q)) * mp.ncdf(-2 * mp.sqrt(q))
        tail1 = mp.exp(mp.mpf(q) / 2) * mp.ncdf(-mp.sqrt(q))
        V = lam**2 * (mp.mpf(q) / 2 + alpha**2 * (tail2 - 2 * tail1 + 0.5))
        return float(V), float(lam**2 * (0.5 + alpha**2 * tail2))


def hardtanh(q: float) -> tuple[float, float]:
    a = 1 / math.sqrt(q)
    p = math.erfc(a / math.sqrt(2))
    return q * (1 - p - 2 * a * math.exp(-a * a / 2) / math.sqrt(2 * math.pi)) + p, 1 - p


CLOSED = {
    "linear": lambda q: (q, 1.0),
    "relu": lambda q: (q / 2, 0.5),
    "leaky_relu(0.2)": lambda q: (0.52 * q, 0.52),
    "prelu": lambda q: (0.53125 * q, 0.53125),
    "gelu": gelu,
    "elu": elu,
    "selu": lambda q: elu(q, 1.0507009873554804934, 1.6732632423543772848),
    "hardtanh": hardtanh,
    "erf": lambda q: (2 / math.pi * math.asin(2 * q / (1 + 2 * q)), 4 / math.pi / math.sqrt(1 + 4 * q)),
    "sin": lambda q: (-math.expm1(-2 * q) / 2, (1 + math.exp(-2 * q)) / 2),
    "relu2": lambda q: (1.5 * q * q, 2 * q),
    "reglu": lambda q: (q * q / 2, q),
    "bilinear": lambda q: (q * q, 2 * q),
}


@pytest.mark.parametrize("q", QS)
@pytest.mark.parametrize("name", sorted(CLOSED))
def test_closed_forms(name: str, q: float) -> None:
    V, D = CLOSED[name](q)
    m = moments(activation(name), q)
    assert pytest.approx(V, rel=1e-12) == m.V
    assert pytest.approx(D, rel=1e-12) == m.D


def test_means() -> None:
    assert pytest.approx(2 / math.sqrt(2 * math.pi), rel=1e-14) == moments(activation("relu"), 4.0).M
    q, lam, alpha = 0.7, 1.0507009873554805, 1.6732632423543772
    exact = lam * (math.sqrt(q / (2 * math.pi)) + alpha * (math.exp(q / 2) * cumulative(-math.sqrt(q)) - 0.5))
    assert pytest.approx(exact, rel=1e-12) == moments(activation("selu"), q).M
    assert pytest.approx(0.5, rel=1e-14) == moments(activation("sigmoid"), 3.0).M


MPMATH = {
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2, ()),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), lambda x: 1 / (2 + mp.exp(x) + mp.exp(-x)), ()),
    "silu": (lambda x: x / (1 + mp.exp(-x)), lambda x: (1 + mp.exp(-x) + x * mp.exp(-x)) / (1 + mp.exp(-x)) ** 2, ()),
    "mish": (lambda x: x * mp.tanh(mp.log(1 + mp.exp(x))), None, ()),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, (0,)),
    "softplus": (lambda x: mp.log(1 + mp.exp(x)), lambda x: 1 / (1 + mp.exp(-x)), ()),
    "hardswish": (lambda x: x * min(max(x + 3, 0), 6) / 6,
                  lambda x: 0 if x < -3 else 1 if x > 3 else (2 * x + 3) / 6, (-3, 3)),
    "tanhshrink": (lambda x: x - mp.tanh(x), lambda x: mp.tanh(x) ** 2, ()),
}  # fmt: skip


@pytest.mark.parametrize("q", [0.01, 1.0, 25.0])
@pytest.mark.parametrize("name", sorted(MPMATH))
def test_mpmath(name: str, q: float) -> None:
    phi, slope, kinks = MPMATH[name]
    with mp.workdps(25):
        root = mp.sqrt(q)
        ends = sorted({mp.mpf(k) / 2 for k in range(-26, 27)} | {mp.mpf(k) / root for k in kinks if abs(k / root) < 13})
        # 1/6-unit panels around the origin follow a transition that q = 25 makes narrow
        ends = sorted({*ends, *(mp.mpf(k) / 12 for k in range(-12, 13))})
        V = mp.quad(lambda z: mp.npdf(z) * phi(root * z) ** 2, ends, maxdegree=4)
        m = moments(activation(name), q)
        assert abs(m.V / V - 1) < 1e-11
        if slope is not None:
            D = mp.quad(lambda z: mp.npdf(z) * slope(root * z) ** 2, ends, maxdegree=4)
            assert abs(m.D / D - 1) < 1e-11


@pytest.mark.parametrize("name", NAMES)
def test_elasticities_are_the_slopes_of_the_maps(name: str) -> None:
    f, q, e = activation(name), 1.7, 1e-4
    up, down = moments(f, q * math.exp(e)), moments(f, q * math.exp(-e))
    m = moments(f, q)
    # Central difference: error e^2 times a third derivative of order 1.
    assert m.elasticity == pytest.approx(math.log(up.V / down.V) / (2 * e), abs=1e-6)
    assert m.elasticity_d == pytest.approx(math.log(up.D / down.D) / (2 * e), abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_monte_carlo_of_gated_and_plain_units(name: str) -> None:
    f, q, n = activation(name), 0.8, 400_000
    rng = np.random.default_rng(5)
    a, b, ta, tb = rng.standard_normal((4, n)) * np.sqrt(np.array([q, q, 1, 1]))[:, None]
    if f.gated:
        y, t = a * f.phi(b), ta * f.phi(b) + a * f.derivative(b) * tb
    else:
        y, t = f.phi(b), f.derivative(b) * tb
    m = moments(f, q)
    for sample, exact, c in ((y**2, m.V, m.c_phi), (t**2, m.D, m.c_grad)):
        assert abs(sample.mean() - exact) < 5 * exact * math.sqrt(c / n)
        heavy = 0.25 if f.gated or name == "relu2" else 0.05
        assert sample.var() / sample.mean() ** 2 == pytest.approx(c, rel=heavy)
    assert np.mean(y**2 * t**2) / np.mean(y**2) / np.mean(t**2) - 1 == pytest.approx(m.c_cross, rel=0.25, abs=0.03)


def test_gauss_hermite_would_be_wrong_where_we_are_not() -> None:
    z, w = np.polynomial.hermite_e.hermegauss(128)
    f = activation("hardtanh")
    hermite = float((w / w.sum()) @ f.phi(z) ** 2)
    assert abs(hermite / hardtanh(1.0)[0] - 1) > 1e-3
    assert abs(expectation(lambda h: f.phi(h) ** 2, 1.0, f.kinks) / hardtanh(1.0)[0] - 1) < 1e-14


@pytest.mark.parametrize(
    ("name", "power"), [("relu", 1), ("gelu", 1), ("tanh", 1), ("tanhshrink", 3), ("swiglu", 2), ("relu2", 2)]
)
def test_power_laws_continue_beyond_doubles(name: str, power: int) -> None:
    """phi ~ h^p near 0 gives V ~ q^p; a gate a silu(b) ~ a b / 2 has p = 2."""
    f = activation(name)
    assert log_v(f, -5000.0) - log_v(f, -4000.0) == pytest.approx(-1000 * power, rel=1e-9)
    assert log_v(f, -EDGE - 1e-9) == pytest.approx(log_v(f, -EDGE + 1e-9), rel=1e-9)


def test_limits() -> None:
    assert log_v(activation("tanh"), math.inf) == pytest.approx(0.0, abs=1e-9)
    assert log_v(activation("relu"), math.inf) == math.inf
    assert log_v(activation("sigmoid"), -math.inf) == pytest.approx(math.log(0.25))
    assert log_v(activation("softshrink"), -200.0) == -math.inf
    assert log_d(activation("gelu"), -math.inf) == pytest.approx(math.log(0.25))
