import math

import mpmath
import pytest
import torch

from embcheck.results import Skip
from embcheck.subjects.stock.gains import UNKNOWN

RULE = "wrong-gain"


def facts(documented, exact=None):
    return {"nonlinearity": "x", "documented": documented, "exact": exact}


def test_torchs_relu_gain(ask) -> None:
    (evidence,) = ask(RULE, torch.nn.init.calculate_gain("relu"), "gain", facts=facts(math.sqrt(2)))
    assert evidence.holds
    assert evidence.effect == pytest.approx(0, abs=1e-15)


def test_wrong_number_is_caught_with_its_size(ask) -> None:
    (evidence,) = ask(RULE, 1.4, "gain", facts=facts(math.sqrt(2)))
    assert evidence.holds is False
    assert evidence.effect == pytest.approx(1 - 1.4 / math.sqrt(2))


def test_known_become_unknown_and_back(ask) -> None:
    assert ask(RULE, None, "gain", facts=facts(1.0))[0].holds is False
    assert ask(RULE, 1.0, "gain", facts=facts(None, 1.5))[0].holds is False


def test_unknown_is_skipped_with_the_exact_gain(ask) -> None:
    (skip,) = ask(RULE, None, "gain", facts=facts(None, 1.53353))
    assert isinstance(skip, Skip)
    assert "gain=1.5335" in skip.reason


@pytest.mark.parametrize(
    ("name", "phi"),
    [
        ("gelu", lambda z: z * mpmath.ncdf(z)),
        ("elu", lambda z: z if z > 0 else mpmath.expm1(z)),
        ("silu", lambda z: z / (1 + mpmath.exp(-z))),
    ],
)
def test_exact_gains_against_quadrature(name, phi) -> None:
    second_moment = mpmath.quad(lambda z: phi(z) ** 2 * mpmath.npdf(z), [-40, -10, -3, 0, 3, 10, 40])
    assert UNKNOWN[name] == pytest.approx(float(1 / mpmath.sqrt(second_moment)), rel=1e-13)
