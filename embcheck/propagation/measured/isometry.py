"""How unequal the singular values of the Jacobian are, end to end: dynamical isometry.

sigma2_JJ = E[lambda^2] / E[lambda]^2 - 1 over the squared singular values lambda of J = dh^L / dh^1: 0 when all are
equal, n - 1 when one is left. Theory (Pennington, Schoenholz and Ganguli 2017, 2018): the sum over layers of
mu_2 / mu_1^2 - 1 - s_1, mu_k the moments of phi'^2 at each layer, s_1 = -1 for Gaussian and 0 for orthogonal weights.
Measured by Hutchinson's probes v ~ N(0, I): E|J'v|^2 = tr JJ' and E|JJ'v|^2 = tr (JJ')^2, one product with J' and one
with J each; the weights are drawn again for every direction, so memory stays O(width^2 + depth width).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.propagation.measured.functional import elementwise, with_derivative
from embcheck.propagation.theory.maps import EDGE, moments

if TYPE_CHECKING:
    from embcheck.propagation.measured.measure import Stream
    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.theory.prediction import Prediction

PROBES = 16


def isometry_theory(f: Activation, prediction: Prediction, orthogonal: bool) -> float:
    """The variance of the squared singular values, relative to their mean, in the limit of infinite width."""
    s_1 = 0 if orthogonal else -1
    shares = (moments(f, math.exp(min(max(q, -EDGE), EDGE))).carrying for q in prediction.path.log_q[:-1])
    return sum(1 / p - 1 - s_1 for p in shares)


def measure_isometry(stream: Stream, f: Activation, replicate: int, probes: int = PROBES) -> float | None:
    """The same of one network at one input; None for gated or rectangular networks and where the signal is not finite.

    The same weights and input as `measure` of that replicate.
    """
    n = stream.widths[-1]
    if f.gated or len(set(stream.widths[1:])) > 1 or stream.depth < 2:
        return None
    with torch.no_grad():
        x = stream.draw_inputs(replicate, (1, stream.widths[0]))
        slopes: list[torch.Tensor] = []
        for layer in range(1, stream.depth + 1):
            weight, bias = stream.draw(replicate, layer)
            x = x @ weight.t() if bias is None else x @ weight.t() + bias
            if not bool(torch.isfinite(x).all()):
                return None
            x, slope = with_derivative(elementwise(f), x)
            slopes.append(slope)
        v = torch.randn(probes, n, generator=stream.generator(replicate, "probes"), device=stream.device)
        back = torch.zeros(probes, dtype=torch.float64)
        u = v.to(stream.dtype)
        for layer in range(stream.depth, 1, -1):
            u = (u @ stream.draw(replicate, layer)[0]) * slopes[layer - 2]
            u, back = _normed(u, back)
        forth = back.clone()
        for layer in range(2, stream.depth + 1):
            u = (u * slopes[layer - 2]) @ stream.draw(replicate, layer)[0].t()
            u, forth = _normed(u, forth)
        if not bool(torch.isfinite(back).all() and torch.isfinite(forth).all()):
            return None
        # |J'v|^2 = n e^back, |JJ'v|^2 = n e^(back + forth - back): logarithms keep any depth in range
        top = float(back.max())
        one, two = (back - top).exp(), (forth - 2 * top).exp()
        pairs = (float(one.sum()) ** 2 - float(one.square().sum())) / (probes * (probes - 1))
        return float(two.mean()) / pairs - 1


def _normed(u: torch.Tensor, log: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of rms 1, and the logarithm of their mean square added to `log`."""
    size = u.float().square().mean(dim=1)
    return u / size.clamp_min(1e-30).sqrt().to(u.dtype)[:, None], log + size.cpu().double().log()
