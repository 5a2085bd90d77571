"""Mean-field theory of transformer blocks at initialization: covariances between tokens, layer by layer.

The stream of one sequence is Gaussian with a covariance S_ij between its tokens i and j; X_ij is the covariance with an
independent sequence and T_ij that of a random tangent. With C the correlation after the norm and A the causal mean,
attention over i + 1 keys with queries, keys and values of variance a adds

    o a (A C A' + excess (1 - c) / m),      excess of softmax at scores of variance a^2 (1 - c)   (`softmax.py`)

where c is the mean correlation of those keys: uniform weights average independent tokens away and leave what they
share, which is how tokens grow alike with depth (rank collapse, Dong et al. 2021). The MLP adds its correlation map at
every C_ij. Tangents pass the values as signals do, and move the scores; a norm divides by the power it finds. Heads
are taken as wide (fluctuations of the queries' power, 2 / head width, are left out), and so is the network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embcheck.propagation.theory.kernel import jumps
from embcheck.propagation.theory.kernel_table import correlation_map
from embcheck.propagation.theory.softmax import attention_moments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.activation import Activation, Floats

EPS = 1e-5
"""Of nn.LayerNorm."""


@dataclass(frozen=True)
class Weights:
    """fan_in times the variance of each weight of a block, and the variance of its biases."""

    attention: float
    projection: float
    up: float
    down: float
    biases: tuple[float, float, float, float]


@dataclass(frozen=True)
class TokenState:
    """Second moments of a stream, tokens by tokens."""

    within: Floats
    """Covariance of the tokens of one sequence."""
    across: Floats
    """Covariance with the tokens of an independent sequence."""
    tangent: Floats
    """Covariance of the tokens' tangents, over random directions."""

    @property
    def logs(self) -> tuple[float, float, float]:
        """ln q, ln s, ln t: means over tokens."""
        q = float(np.diag(self.within).mean())
        s = q - float(np.diag(self.across).mean())
        return math.log(q), math.log(s) if s > 0 else -math.inf, math.log(float(np.diag(self.tangent).mean()))

    @property
    def cosine(self) -> float:
        """Mean over pairs of different tokens of the cosine between them."""
        tokens = len(self.within)
        size = np.sqrt(np.diag(self.within))
        return float(((self.within / np.outer(size, size)).sum() - tokens) / (tokens * (tokens - 1)))

    def normed(self) -> TokenState:
        """After a layer norm."""
        power = np.diag(self.within)
        scale = 1 / np.sqrt(power + EPS)
        outer = np.outer(scale, scale)
        return TokenState(self.within * outer, self.across * outer, self.tangent * outer)


def weights_of(c: Configuration) -> Weights | None:
    """What the theory needs of the configuration's weights; None where no mean field describes them."""
    n, double = c.widths[0], 2 if c.activation.gated else 1
    shapes = ((3 * n, n), (n, n), (4 * n * double, n), (n, 4 * n))
    if any(c.init.structure(s) == "other" or not c.bias.centred(s[1]) for s in shapes) or jumps(c.activation):
        return None
    one, two, three, four = (s[1] * c.init.moment(s) for s in shapes)
    b, d, e, g = (c.bias.moment(s[1]) for s in shapes)
    return Weights(one, two, three, four, (b, d, e, g))


def follow_tokens(c: Configuration, weights: Weights) -> Iterator[TokenState]:
    """The stream after every block."""
    tokens = c.tokens
    eye = np.eye(tokens)
    state = TokenState(eye * c.input_std**2, np.zeros((tokens, tokens)), eye)
    factor = 1 / (2 * c.depth) if c.architecture == "transformer-scaled" else 1.0
    after = c.architecture == "transformer-post-norm"
    for _ in range(c.depth):
        state = _joined(state, _attention(state if after else state.normed(), weights, factor), after)
        state = _joined(state, _mlp(c.activation, state if after else state.normed(), weights, factor), after)
        yield state


def _joined(stream: TokenState, branch: TokenState, after: bool) -> TokenState:
    added = TokenState(stream.within + branch.within, stream.across + branch.across, stream.tangent + branch.tangent)
    return added.normed() if after else added


def _attention(x: TokenState, w: Weights, factor: float) -> TokenState:
    tokens = len(x.within)
    m = np.arange(1, tokens + 1)
    mean = np.tril(np.ones((tokens, tokens))) / m[:, None]
    keys = np.minimum.outer(m, m)  # that both queries see
    more = np.maximum.outer(m, m)
    apart, apart_t = _apart(x.within)[keys - 1], _apart(x.tangent)[keys - 1]
    queries = w.attention * x.within + w.biases[0]
    uneven, turning = attention_moments(np.maximum(queries * w.attention * apart, 0.0), keys)
    held = mean @ x.within @ mean.T + uneven / more * apart
    values = mean @ x.tangent @ mean.T + uneven / more * apart_t
    moved = w.attention**2 * x.tangent * apart + w.attention * queries * apart_t  # scores, along the tangent
    turned = moved * apart * turning / more
    out, bias = w.projection * w.attention * factor, w.biases[1] + factor * w.projection * w.biases[0]
    return TokenState(out * held + bias, out * (mean @ x.across @ mean.T) + bias, out * (values + turned))


def _apart(x: Floats) -> Floats:
    """For the first m tokens, m = 1, 2, ...: their mean power less the mean covariance of two of them; 0 at m = 1."""
    tokens = len(x)
    m = np.arange(1, tokens + 1)
    power = np.cumsum(np.diag(x))
    total = np.diag(np.cumsum(np.cumsum(x, axis=0), axis=1))
    pairs = np.maximum(m * (m - 1), 1)
    return np.asarray(np.where(m > 1, power / m - (total - power) / pairs, 0.0))


def _mlp(f: Activation, x: TokenState, w: Weights, factor: float) -> TokenState:
    bias = w.biases[2]
    h, across = w.up * x.within + bias, w.up * x.across + bias
    power = np.diag(h)
    size = np.sqrt(np.outer(power, power))
    q = float(np.exp(np.log(power).mean()))
    down, last = w.down * factor, w.biases[3]
    kept, slope = correlation_map(f, q, h / size)
    other, _ = correlation_map(f, q, across / size)
    return TokenState(down * kept + last, down * other + last, down * slope * w.up * x.tangent)
