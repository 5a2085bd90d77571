"""Readings of several seeds and a prediction, made into one record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.special import stdtrit

from embcheck.propagation.measured.isometry import isometry_theory
from embcheck.propagation.record import Channel, LayerRecord, NetworkRecord
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.theory.silence import dead_null, saturated_share
from embcheck.propagation.weights import TAKES_GAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.measured.measure import Reading
    from embcheck.propagation.measured.plan import Plan
    from embcheck.propagation.request import Configuration
    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.theory.fixed_points import FixedPoint
    from embcheck.propagation.theory.prediction import Prediction


MOST_BETA = 1e4
"""Beyond it the recursion is not of a network that anything can be said of (q doubles its logarithm in every layer)."""


def to_record(c: Configuration, theory: Prediction | None, readings: Sequence[Reading], plan: Plan) -> NetworkRecord:
    """One network's record, with theory where there is any."""
    f, depth = c.activation, c.depth
    fan = [math.log(c.widths[-1] / n) for n in c.widths[1:]]
    log_q = _average([r.log_q for r in readings])
    log_s = _average([r.log_s for r in readings])
    gradients = [_gradient(r, fan) for r in readings]
    log_g = _average(gradients)
    log_x = _average([r.log_x for r in readings])
    cosine = _average([r.cosine for r in readings]) if all(len(r.cosine) == depth for r in readings) else ()
    layers = tuple(
        LayerRecord(
            layer=i + 1,
            name=f"{'layer' if c.architecture in {'mlp', 'conv'} else 'block'} {i + 1}",
            width=c.widths[i + 1],
            log_q=log_q[i],
            log_s=log_s[i],
            log_g=log_g[i],
            log_q_theory=theory.log_q[i] if theory else None,
            log_s_theory=theory.log_s[i] if theory else None,
            log_g_theory=theory.log_g[i] if theory else None,
            sd_q=_root(theory.band.var_q[i]) if theory else None,
            sd_g=_root(theory.band.var_t[-1] - theory.band.var_t[i]) if theory else None,
            cosine=cosine[i] if cosine else None,
            cosine_theory=theory.cosine[i] if theory and theory.cosine else None,
            log_weight_gradient=log_g[i] + log_x[i] if math.isfinite(log_g[i]) else log_g[i],
            **_silence(f, readings, i, log_q[i], plan.inputs),
        )
        for i in range(depth)
    )
    forward, signal, gradient = _channels(
        f=f, c=c, theory=theory, readings=readings, gradients=gradients, layers=layers
    )
    bad = min((r.first_bad for r in readings if r.first_bad), default=0)
    return NetworkRecord(
        name=c.name,
        layers=layers,
        forward=forward,
        signal=signal,
        gradient=gradient,
        dtype=c.dtype,
        inputs=plan.inputs,
        isometry=_mean([r.isometry for r in readings]),
        isometry_theory=_isometry_theory(c, theory) if readings[0].isometry is not None else None,
        beta=theory.beta if theory and theory.beta < MOST_BETA else None,
        limit=plan.limit,
        first_bad=layers[bad - 1].name if bad else "",
        settings=c.init.call,
        gain_fix=_gain_fix(c),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def _isometry_theory(c: Configuration, theory: Prediction | None) -> float | None:
    orthogonal = c.init.structure((c.widths[1], c.widths[0])) == "orthogonal"
    return None if theory is None else isometry_theory(c.activation, theory, orthogonal)


def _gradient(r: Reading, fan: Sequence[float]) -> list[float]:
    """ln g per layer: of the backward pass if there was one, else from the tangents and the ratio of the widths."""
    if r.log_g is not None:
        return r.log_g
    return [_difference(r.log_t[-1], t) + k for t, k in zip(r.log_t, fan, strict=True)]


def _gain_fix(c: Configuration) -> str:
    """The line that mends the gain of a scale-free activation; others have no gain that is right at every scale."""
    if not c.activation.homogeneous or c.architecture not in {"mlp", "conv"}:
        return ""
    gain = 1 / math.sqrt(moments(c.activation, 1.0).V)
    if c.activation.name == "relu" and c.init.name.startswith("kaiming"):
        return f"nn.init.{c.init.name}_(layer.weight, nonlinearity='relu')"
    if c.init.name in TAKES_GAIN:
        return f"nn.init.{c.init.name}_(layer.weight, gain={gain:.6g})"
    return f"nn.init.normal_(layer.weight, std={gain:.6g} / math.sqrt(layer.in_features))"


def _channels(
    *,
    f: Activation,
    c: Configuration,
    theory: Prediction | None,
    readings: Sequence[Reading],
    gradients: Sequence[Sequence[float]],
    layers: Sequence[LayerRecord],
) -> tuple[Channel, Channel, Channel]:
    free = f.homogeneous and c.bias.moment(c.widths[0]) == 0
    q, s, g = ([getattr(layer, name) for layer in layers] for name in ("log_q", "log_s", "log_g"))
    totals = {
        "forward": tuple(_difference(r.log_q[-1], r.log_q[0]) for r in readings),
        "signal": tuple(_difference(r.log_s[-1], r.log_s[0]) for r in readings),
        "gradient": tuple(g[0] for g in gradients),
    }
    if theory is None:
        return (
            Channel("forward", totals["forward"], profile=_from_start(q)),
            Channel("signal", totals["signal"], profile=_from_start(s)),
            Channel("gradient", totals["gradient"], profile=_backward(g)),
        )
    band, path = theory.band, theory.path
    courses = _courses(theory.fixed) if theory.fixed else ("", "", "")
    var_t = band.var_t[-1]
    return (
        Channel(
            "forward", totals["forward"], _difference(theory.log_q[-1], theory.log_q[0]), _root(band.var_q[-1]),
            band.mean_q[-1], _from_start(path.log_q), courses[0], free,
        ),
        # Two close inputs differ along a tangent, so that their distance fluctuates as a tangent does.
        Channel(
            "signal", totals["signal"], _difference(theory.log_s[-1], theory.log_s[0]),
            _root(band.var_s[-1] if band.var_s else max(var_t, band.var_q[-1])), None, _from_start(path.log_s),
            courses[1],
        ),
        Channel(
            "gradient", totals["gradient"], theory.log_g[0], _root(var_t), band.mean_t[-1], path.log_t,
            courses[2], free,
        ),
    )  # fmt: skip


def _courses(p: FixedPoint) -> tuple[str, str, str]:
    """How forward, signal and gradient go on with depth, from where q settles and the slopes there."""

    def at(chi: float) -> str:
        return "algebraic" if abs(chi - 1) < 1e-9 else "exponential"

    gone = p.q == 0 or math.isinf(p.q)
    forward = at(p.chi_q) if gone or abs(p.chi_q - 1) < 1e-9 else "settling"
    signal = at(p.chi_1) if p.chi_1 < 1 + 1e-9 or gone else "settling"
    return forward, signal, at(p.chi_1)


def _silence(f: Activation, readings: Sequence[Reading], i: int, log_q: float, inputs: int) -> dict[str, float | None]:
    """Dead units beside what chance leaves at each seed's own correlation, and saturated units."""
    found: dict[str, float | None] = {}
    if f.silent and readings[0].dead:
        dead = [r.dead[i] for r in readings]
        nulls = [dead_null(f, r.log_q[i], 1 - _share(r.log_s[i], r.log_q[i]), inputs) for r in readings]
        found["dead"] = sum(dead) / len(dead)
        found["dead_null"] = sum(nulls) / len(nulls)
        found["dead_most"] = dead_null(f, log_q, 0.0, 1)
        found["dead_error"] = _half_width(dead)
    if f.peak is not None and readings[0].saturated:
        found["saturated"] = sum(r.saturated[i] for r in readings) / len(readings)
        found["saturated_theory"] = saturated_share(f, log_q)
    return found


def _share(log_s: float, log_q: float) -> float:
    """s / q = 1 - c, where both are numbers."""
    return math.exp(min(0.0, log_s - log_q)) if math.isfinite(log_q) and math.isfinite(log_s) else 0.0


def _half_width(values: Sequence[float]) -> float | None:
    n = len(values)
    if n < 2:
        return None
    mean = sum(values) / n
    return float(stdtrit(n - 1, 0.975)) * math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n)


def _average(columns: Sequence[Sequence[float]]) -> list[float]:
    return [sum(values) / len(values) for values in zip(*columns, strict=True)]


def _difference(a: float, b: float) -> float:
    """a - b, where infinity less infinity is a channel that has gone for good: its own sign stays."""
    return a if math.isinf(a) else a - b


def _from_start(profile: Sequence[float]) -> tuple[float, ...]:
    return tuple(_difference(p, profile[0]) for p in profile)


def _backward(log_g: Sequence[float]) -> tuple[float, ...]:
    """The gradient's way, last layer first."""
    return tuple(reversed(log_g))


def _root(x: float) -> float | None:
    if math.isnan(x):
        return None
    return math.sqrt(max(0.0, x))
