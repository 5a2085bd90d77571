"""The units of a model's activations: how many are dead or saturated, beside what chance leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.special import stdtrit

from embcheck.propagation.record import LayerRecord
from embcheck.propagation.theory.silence import dead_null, saturated_share
from embcheck.propagation.traced.traced_activation import activation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.traced.graph import Node, Trace

ZERO_WHEN_SILENT = frozenset({"relu", "relu6", "hardswish", "softshrink", "hardshrink"})
"""Activations whose dead units show: they give exactly 0."""


def unit_records(traces: Sequence[Trace]) -> tuple[LayerRecord, ...]:
    """One record an activation, averaged over builds that ran the same operations."""
    first = traces[0]
    alike = [t for t in traces if len(t.nodes) == len(first.nodes)]
    found: list[LayerRecord] = []
    for node in first.nodes:
        if node.kind != "activation" or not node.parents or node.inner:
            continue
        twins = [t.nodes[node.index] for t in alike if t.nodes[node.index].name == node.name]
        fields = {**_dead(first, node, twins), **_saturated(first, node, twins)}
        if fields:
            q = _log(node.q)
            found.append(LayerRecord(len(found) + 1, node.label, _units(node), q, q, 0.0, **fields))
    return tuple(found)


def _units(node: Node) -> int:
    """How many units it has: channels of a convolution, else the last dimension."""
    return node.shape[1 if len(node.shape) in {4, 5} else -1] if node.shape else 1


def _dead(trace: Trace, node: Node, twins: Sequence[Node]) -> dict[str, float | None]:
    """A unit is dead that gives 0 for every input and position; at most P(silent) of them do by chance."""
    f = activation_of(node)
    values = [t.dead for t in twins if not math.isnan(t.dead)]
    if node.op not in ZERO_WHEN_SILENT or f is None or not values:
        return {}
    log_q = _log(_before(trace, node))
    if not math.isfinite(log_q):
        return {}
    before = trace.nodes[node.parents[0]]
    alike = 1 - min(1.0, before.s / before.q) if before.s == before.s else 0.0
    return {
        "dead": sum(values) / len(values),
        "dead_null": dead_null(f, log_q, alike, trace.batch),
        "dead_most": dead_null(f, log_q, 0.0, 1),
        "dead_error": _half_width(values),
    }


def _saturated(trace: Trace, node: Node, twins: Sequence[Node]) -> dict[str, float | None]:
    values = [t.saturated for t in twins if not math.isnan(t.saturated)]
    if not values:
        return {}
    f = activation_of(node)
    log_q = _log(_before(trace, node))
    theory = saturated_share(f, log_q) if f is not None and math.isfinite(log_q) else None
    return {"saturated": sum(values) / len(values), "saturated_theory": theory}


def _before(trace: Trace, node: Node) -> float:
    return trace.nodes[node.parents[0]].q


def _log(q: float) -> float:
    return math.log(q) if q > 0 and math.isfinite(q) else math.nan


def _half_width(values: Sequence[float]) -> float | None:
    n = len(values)
    if n < 2:
        return None
    mean = sum(values) / n
    return float(stdtrit(n - 1, 0.975)) * math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n)
