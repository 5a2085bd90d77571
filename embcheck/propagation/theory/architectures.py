"""Mean-field theory of residual streams and of padded convolutions.

A branch adds its power to the stream's, its tangents to the stream's tangents: x' = x + a f(x) gives q' = q + a^2 u and
t' = t (1 + a^2 k) with u the branch's power and k its Jacobian's (Yang and Schoenholz 2017; Balduzzi et al. 2017). A
norm divides both by the power it finds. A 3x3 "same" convolution averages nine neighbours of which the border has
fewer, so q is a map over positions; on a side of H its ratio tends to ((1 + 2 cos(pi / (H + 1))) / 3)^2 a layer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from embcheck.propagation.request import SIDE
from embcheck.propagation.theory.finite_width import Spread
from embcheck.propagation.theory.maps import log_d, log_v, moments
from embcheck.propagation.theory.prediction import Prediction
from embcheck.propagation.theory.trajectory import Trajectory, add, log_gap
from embcheck.propagation.theory.transformers import EPS, follow_tokens, weights_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.activation import Activation, Floats

State = tuple[float, float, float]
"""ln q, ln s, ln t."""


def predict_architecture(c: Configuration) -> Prediction | None:
    """Theory of the stream after every block; None for weights that no mean field describes."""
    if c.transformer:
        return _tokens(c)
    width, f = c.widths[0], c.activation
    shape = (width, width, 3, 3) if c.architecture == "conv" else (width * (2 if f.gated else 1), width)
    fan_in = width * (9 if c.architecture == "conv" else 1)
    if c.init.structure(shape) == "other" or not c.bias.centred(fan_in):
        return None
    sw, sb = _log(fan_in * c.init.moment(shape)), _log(c.bias.moment(fan_in))
    if c.architecture == "conv":
        rows = list(_conv(c, math.exp(sw), math.exp(sb) if math.isfinite(sb) else 0.0))
    else:
        last = _log(width * c.init.moment((width, width))) if c.architecture != "residual-zero" else -math.inf
        rows = list(_stream(c, f, (sw, last, sb)))
    return _prediction(rows)


def _prediction(rows: Sequence[State], cosine: tuple[float, ...] = ()) -> Prediction:
    q, s, t = (tuple(column) for column in zip(*rows, strict=True))
    path = Trajectory(q, s, tuple(x - t[0] for x in t))
    unknown = (math.nan,) * len(rows)
    return Prediction((), path, Spread(unknown, unknown, unknown, unknown), None, cosine)


def _tokens(c: Configuration) -> Prediction | None:
    weights = weights_of(c)
    if weights is None:
        return None
    states = list(follow_tokens(c, weights))
    return _prediction([state.logs for state in states], tuple(state.cosine for state in states))


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _stream(c: Configuration, f: Activation, weights: tuple[float, float, float]) -> Iterator[State]:
    scale = -math.log(c.depth) if c.architecture == "residual-scaled" else 0.0  # ln of the branch's factor, squared
    start = 2 * math.log(c.input_std)
    state: State = (start, start, 0.0)
    for _ in range(c.depth):
        if c.architecture == "pre-norm":
            q, s, t = state
            normed = -math.log1p(EPS * math.exp(-min(max(q, -600.0), 600.0)))
            u, us, ut = _branch(f, (normed, s - q + normed, t - q + normed), weights, first=False)
            state = (add(q, u), add(s, us), add(t, ut))
        else:
            first = c.architecture.startswith("residual") and not f.gated
            u, us, ut = _branch(f, state, weights, first=first)
            q, s, t = add(state[0], u + scale), add(state[1], us + scale), add(state[2], ut + scale)
            state = (0.0, s - q, t - q) if c.architecture == "post-norm" else (q, s, t)
        yield state


def _branch(f: Activation, state: State, weights: tuple[float, float, float], first: bool) -> State:
    """W2 phi(W1 y), with y = phi(x) if `first`."""
    one, two, bias = weights
    q, s, t = _through(f, state) if first else state
    h = (add(one + q, bias), one + s, one + t)
    q, s, t = _through(f, h)
    return add(two + q, bias), two + s, two + t


def _through(f: Activation, state: State) -> State:
    q, s, t = state
    return log_v(f, q), log_gap(f, q, s - q if math.isfinite(q) else -math.inf), t + log_d(f, q)


def _conv(c: Configuration, sw: float, sb: float) -> Iterator[State]:
    """Maps over positions; the stream is read as their mean."""
    f, depth = c.activation, c.depth
    s = _neighbours(np.full((SIDE, SIDE), c.input_std**2)) * sw
    q = s + sb
    t = np.ones((SIDE, SIDE))
    shift_q = shift_t = 0.0
    for _ in range(depth):
        yield math.log(q.mean()) + shift_q, _log(float(s.mean())) + shift_q, math.log(t.mean()) + shift_t
        v, d, gap = _maps(f, q, s, shift_q)
        q, s, t = _neighbours(v) * sw + sb * math.exp(-shift_q), _neighbours(gap) * sw, _neighbours(d * t) * sw
        size = float(t.mean())
        t, shift_t = t / size, shift_t + math.log(size)
        if f.homogeneous and sb == 0:
            size = float(q.mean())
            q, s, shift_q = q / size, s / size, shift_q + math.log(size)


def _maps(f: Activation, q: Floats, s: Floats, shift: float) -> tuple[Floats, Floats, Floats]:
    """V, D and V - C at every position; positions that a symmetry of the square maps on each other are done once."""
    v, d, gap = np.empty_like(q), np.empty_like(q), np.empty_like(q)
    done: dict[tuple[float, float], tuple[float, float, float]] = {}
    for place in np.ndindex(q.shape):
        key = (float(f"{q[place]:.13g}"), float(f"{s[place]:.13g}"))
        if key not in done:
            log_q, log_s = _log(key[0]) + shift, _log(key[1]) + shift
            m = moments(f, key[0]) if abs(log_q) < 600 else moments(f, 1.0)
            done[key] = (m.V, m.D, math.exp(log_gap(f, log_q, log_s - log_q) - shift))
        v[place], d[place], gap[place] = done[key]
    return v, d, gap


def _neighbours(x: Floats) -> Floats:
    """A ninth of the sum over the 3x3 neighbourhood, with zeros beyond the border."""
    padded = np.pad(x, 1)
    total = sum(padded[i : i + x.shape[0], j : j + x.shape[1]] for i in range(3) for j in range(3))
    return np.asarray(total / 9, dtype=np.float64)
