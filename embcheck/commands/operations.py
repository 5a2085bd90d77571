"""The table of a traced model: every operation in the order in which it ran, with theory beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.propagation.traced.model_theory import Theory


def alike(traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """The traces that ran the same operations as the first."""
    wanted = [(n.name, n.shape) for n in traces[0].nodes]
    return tuple(t for t in traces if [(n.name, n.shape) for n in t.nodes] == wanted)


def operation_rows(model: str, traces: Sequence[Trace]) -> Iterator[dict[str, Any]]:
    """One row an operation; powers and ratios are geometric means over the builds, fractions arithmetic ones."""
    from embcheck.propagation.traced.model_theory import theory_of

    same = alike(traces)
    theories = [theory_of(t) for t in same]
    names = row_names(same[0])
    shown = [n for n in same[0].nodes if n.shown]
    for layer, node in enumerate(shown, 1):
        nodes = [t.nodes[node.index] for t in same]
        beside = [t[node.index] for t in theories]
        yield {"configuration": model, "layer": layer, "name": names[node.index], **_row(node, nodes, beside)}


def row_names(trace: Trace) -> dict[int, str]:
    """Labels, numbered where the same operation of the same module ran again."""
    seen: dict[str, int] = {}
    names: dict[int, str] = {}
    for node in trace.nodes:
        if node.shown:
            count = seen[node.label] = seen.get(node.label, 0) + 1
            names[node.index] = node.label if count == 1 else f"{node.label} #{count}"
    return names


def _row(node: Node, nodes: Sequence[Node], beside: Sequence[Theory]) -> dict[str, Any]:
    from embcheck.propagation.traced.unit_records import ZERO_WHEN_SILENT

    return {
        "op": node.op,
        "type": node.module_type,
        "shape": list(node.shape),
        "dtype": node.dtype,
        "q": _typical([n.q for n in nodes]),
        "q_theory": _typical([t.q_path for t in beside]),
        "s": _typical([n.s for n in nodes]),
        "s_theory": _typical([t.s_path for t in beside]),
        "g": _typical([n.g for n in nodes]),
        "g_theory": _typical([t.g for t in beside]),
        "dead": _average([n.dead for n in nodes if n.op in ZERO_WHEN_SILENT]),
        "saturated": _average([n.saturated for n in nodes]),
        "sigma_w": _typical([math.sqrt(n.gain2) if n.kind == "affine" else math.nan for n in nodes]),
        "ratio": _typical([_ratio(n.q, t.q) for n, t in zip(nodes, beside, strict=True)]),
        "ratio_s": _typical([_ratio(n.s, t.s) for n, t in zip(nodes, beside, strict=True)]),
        "ratio_g": _typical([_ratio(n.g, t.g) for n, t in zip(nodes, beside, strict=True)]),
    }


def _ratio(seen: float, due: float) -> float:
    """1 where both are zero."""
    if due > 0:
        return seen / due
    return 1.0 if seen == due == 0 else math.nan


def _typical(values: Sequence[float]) -> float | None:
    """The geometric mean: the typical network, not the mean one; None where nothing was measured."""
    known = [v for v in values if not math.isnan(v)]
    if not known:
        return None
    if min(known) <= 0 or math.isinf(max(known)):
        return 0.0 if min(known) <= 0 else math.inf
    return math.exp(math.fsum(map(math.log, known)) / len(known))


def _average(values: Sequence[float]) -> float | None:
    known = [v for v in values if not math.isnan(v)]
    return math.fsum(known) / len(known) if known else None
