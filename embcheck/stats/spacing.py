"""How far apart the numbers of a dtype lie, and what rounding to them can do to a mean and a standard deviation."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@cache
def _grid(dtype: str) -> tuple[float, float]:
    """Machine epsilon and smallest normal number."""
    info = torch.finfo(getattr(torch, dtype))
    return float(info.eps), float(info.smallest_normal)


def spacing(x: float, dtype: str) -> float:
    """Distance from |x| to the next larger number of `dtype`: 2^floor(log2 |x|) * eps, or the subnormal step.

    Between x and its nearer neighbour towards zero lies at most this distance.
    """
    eps, tiny = _grid(dtype)
    magnitude = max(abs(x), tiny)
    if not math.isfinite(magnitude):
        return math.inf
    return math.ldexp(eps, math.frexp(magnitude)[1] - 1)


def spacings(x: Floats, dtype: str) -> Floats:
    """`spacing` of each of many finite numbers."""
    eps, tiny = _grid(dtype)
    _, exponent = np.frexp(np.maximum(np.abs(x), tiny))
    return np.asarray(np.ldexp(eps, exponent - 1))


def mean_allowance(mean: float, std: float, dtype: str) -> float:
    """The most by which a faithful rounding to `dtype` can move the mean of a law, and (to first order) its std.

    A faithful rounding returns one of the two neighbours. Over a cell of width u the value lies uniformly, so that
    always rounding up (the worst case) errs by u/2 on average; u <= eps |x| or the subnormal step s. Hence
    |shift of the mean| <= E[u]/2 <= (eps E|X| + s)/2 <= (eps sqrt(mean^2 + std^2) + s)/2. The covariance of X with
    the error has the same bound times std (Cauchy-Schwarz), which moves the std by at most the same amount. For round
    to nearest both effects are of second order: the allowance is what directed rounding could do.
    """
    eps, tiny = _grid(dtype)
    return 0.5 * eps * (math.hypot(mean, std) + tiny)


def std_range(mean: float, std: float, dtype: str) -> tuple[float, float]:
    """Lowest and highest standard deviation that a law can have after a faithful rounding to `dtype`.

    Var(X + e) = std^2 + 2 Cov(X, e) + Var(e) with |Cov| <= std * a, a = `mean_allowance`, and Var(e) <= E[u^2]/3
    (an error uniform in [-u, u]) <= 4 a^2 / 3.
    """
    a = mean_allowance(mean, std, dtype)
    return math.sqrt(max(0.0, std * std - 2 * std * a)), math.sqrt(std * std + 2 * std * a + 4 * a * a / 3)
