"""A user's own model as a `NetworkRecord`: what a trace saw, in the form that every VAR rule asks about."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from embcheck.propagation.limits import format_of
from embcheck.propagation.record import Channel, LayerRecord, NetworkRecord
from embcheck.propagation.traced.gain_advice import gain_fix
from embcheck.propagation.traced.reach import fed, in_line, opens
from embcheck.propagation.traced.unit_records import unit_records
from embcheck.propagation.verdict import LIMIT, SEVERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.traced.graph import Node, Trace

_SPREAD = 5.0
"""c_phi of ReLU: Var ln q grows by at most about c_phi / n a layer (Hanin and Nica, 2018); other activations have
less, or (GELU, SiLU, hardswish) up to a third more."""
FEWEST = 3
_RESOLVED = 100.0
"""In units of the squared roundoff: a share s / q this large is known to 1%."""
NORMALIZED = SEVERE
"""The limit of a model with normalization, which trains through more: batch-normalised residual networks of 50 layers
start with gradients whose power grows by e^7 to e^9 (measured on ResNet-50 and RegNet-Y as their authors initialise
them), and are known to train."""


def observed(
    name: str, traces: Sequence[Trace], *, limit: float | None = None, fewest: int = FEWEST
) -> NetworkRecord | None:
    """The record of a model from traces of independent builds (one trace where there is one instance).

    The layers are the residual stream (its additions) where there is one, else the affine layers outside of branches,
    the output layer left out: its scale is that of the logits; of networks side by side the longest. None for fewer
    than `fewest` such layers. `limit` is `verdict.LIMIT`, or `NORMALIZED` in a model with norms, if it is not given.
    """
    first = traces[0]
    layers = path(first, fewest)
    if len(layers) < fewest:
        return None
    runs = [run for run in (_matching(t, layers, fewest) for t in traces) if run is not None]
    spread = _SPREAD * sum(1 / max(_width(n), 1) for n in layers)
    courses = {
        "forward": [[_log(n.q) for n in run] for run in runs],
        "signal": [signal_course(run) for run in runs],
        "gradient": [[_log(n.g) for n in reversed(run)] for run in runs],
    }
    records = tuple(
        LayerRecord(
            layer=i + 1,
            name=node.label,
            width=_width(node),
            log_q=_mean([run[i] for run in courses["forward"]]),
            log_s=_mean([run[i] for run in courses["signal"]]),
            log_g=_mean([run[-1 - i] - run[0] for run in courses["gradient"]]),
        )
        for i, node in enumerate(layers)
    )

    def channel(which: str) -> Channel:
        totals = tuple(_total(course, which) for course in courses[which])
        if which == "gradient" and any(opens(t) for t in traces):
            totals = tuple(math.nan if t == -math.inf else t for t in totals)
        profile = tuple(x - courses[which][0][0] for x in courses[which][0])
        usable = all(math.isfinite(p) for p in profile)
        return Channel(which, totals, sd=math.sqrt(spread), profile=profile if usable else ())

    normalized = any(n.kind == "norm" for n in first.nodes)
    return NetworkRecord(
        name=name,
        layers=records,
        forward=channel("forward"),
        signal=channel("signal"),
        gradient=channel("gradient"),
        dtype=_coarsest(layers),
        inputs=first.batch,
        beta=spread,
        limit=limit or (NORMALIZED if normalized else LIMIT),
        error_from=SEVERE if limit is None else 0.0,
        first_bad=next((bad.label for bad in map(first_bad, traces) if bad is not None), ""),
        settings=f"as built, fed {first.fed}",
        gain_fix="" if normalized else gain_fix(first),
        own=True,
        units=unit_records(traces),
    )


def signal_course(run: Sequence[Node]) -> list[float]:
    """ln s of each layer. Where the share s / q nears rounding, the difference of inputs is noise: from there s goes on
    by the factor that the gradient passes, ||J||_F^2 / n for random directions both ways."""
    course: list[float] = []
    noise = False
    for i, n in enumerate(run):
        noise = noise or n.s < _RESOLVED * format_of(n.dtype).rounding ** 2 * n.q
        before = run[i - 1]
        if noise and course and before.g > 0 and n.g > 0:
            course.append(course[-1] + math.log(before.g * before.numel) - math.log(n.g * n.numel))
        else:
            course.append(_log(n.s))
    return course


def first_bad(trace: Trace) -> Node | None:
    """The first operation that gave NaN or infinity from numbers that were finite."""
    return next((n for n in trace.nodes if n.bad), None)


def _coarsest(layers: Sequence[Node]) -> str:
    """The format of least precision on the way: autocast may run some layers in another than the input's."""
    return max((format_of(n.dtype) for n in layers), key=lambda f: f.rounding).name


def path(trace: Trace, fewest: int = FEWEST) -> list[Node]:
    """The nodes that carry the signal from layer to layer; fewer than `fewest` are none."""
    outputs = {_made(trace, i) for i in trace.outputs}
    carriers = fed(trace) - trace.in_branch - outputs
    outside = [n for n in trace.nodes if n.index in carriers and n.seen and not n.inner]
    outside = _carrying(outside)
    stream = in_line(
        trace, [n for n in outside if n.kind == "merge" and n.op in {"add", "iadd"} and len(n.parents) > 1]
    )
    if len(stream) >= FEWEST:
        return [_reached(trace, n) for n in stream]
    affine = in_line(trace, [n for n in outside if n.kind == "affine"])
    if len(affine) >= FEWEST:
        return [_reached(trace, n) for n in affine]
    shown = [n for n in outside if n.kind in {"affine", "recurrent", "norm"} and n.shown and not _second(trace, n)]
    shallow = in_line(trace, shown)
    return [_reached(trace, n) for n in shallow] if len(shallow) >= fewest else []


def _second(trace: Trace, node: Node) -> bool:
    """Whether it is one more output of the operation before it (the last states of a recurrent layer)."""
    before = trace.nodes[node.index - 1] if node.index else None
    return before is not None and (before.name, before.operands) == (node.name, node.operands)


def _carrying(nodes: Sequence[Node]) -> list[Node]:
    """Without nodes of no variance at all that others with variance come after: a signal that was lost does not come
    back, so they never carried it (sums of parameters, of positions, of an initial state)."""
    last = max((n.index for n in nodes if n.s > 0), default=-1)
    return [n for n in nodes if not (n.s == 0 and n.index < last)]


def _made(trace: Trace, index: int) -> int:
    """The node that made an output: behind views, and behind the function that turns logits into what is asked for
    (`tanh` of an actor, `sigmoid` or `softmax` of probabilities)."""
    node = trace.nodes[index]
    while len(node.parents) == 1 and (node.kind in {"other", "activation"} or "softmax" in node.op):
        node = trace.nodes[node.parents[0]]
    return node.index


def _reached(trace: Trace, node: Node) -> Node:
    """With a gradient of zero, where there was a backward pass and no trainable weight up to here got any of it."""
    if node.g == node.g or not trace.gradients:
        return node
    powers = {g.name: g.power for g in trace.gradients}
    behind = [powers[w] for w in trace.weights_before(node) if w in powers]
    return replace(node, g=0.0) if behind and all(map(math.isnan, behind)) else node


def _matching(trace: Trace, layers: Sequence[Node], fewest: int) -> list[Node] | None:
    """The same layers in another build."""
    own = path(trace, fewest)
    return own if [n.name for n in own] == [n.name for n in layers] else None


def _width(node: Node) -> int:
    return node.shape[1] if len(node.shape) in {4, 5} else node.shape[-1] if node.shape else 1


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def _total(course: Sequence[float], which: str) -> float:
    """Last less first; where both are gone NaN, but of a gradient that never comes there is nothing else to say.

    A gradient that reaches the first layer and not the last one came another way (the last one feeds a layer that
    starts at zero, beside others): it is no growth.
    """
    if which == "gradient" and course[-1] == -math.inf:
        return -math.inf
    if which == "gradient" and course[0] == -math.inf:
        return math.nan
    return math.nan if math.isinf(course[0]) and math.isinf(course[-1]) else course[-1] - course[0]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
