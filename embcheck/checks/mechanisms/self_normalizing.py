"""SELU networks outside of the domain in which SELU holds the variance; part of `variance-collapse`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.following_operations import following
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Node, Trace

LOWEST_TAU, LOWEST_NU = 0.95, 0.8
"""Klambauer et al. 2017, theorem 1: for a sum of squared weights tau in [0.95, 1.1] the variance nu stays in [0.8,
1.5]."""
_FEWEST = 3


def self_normalization(trace: Trace) -> Iterator[Evidence]:
    """Whether the layers that feed SELU have the weights that it needs, and the variance that it promises."""
    fed = [n for n in trace.nodes if n.kind == "affine" and _feeds_selu(trace, n) and n.gain2 > 0]
    if len(fed) < _FEWEST:
        return
    tau = sum(n.gain2 for n in fed) / len(fed)
    error = tau * math.sqrt(2 / sum(n.fan * n.shape[-1] for n in fed))
    nu = fed[-1].q
    wrong = tau + 3 * error < LOWEST_TAU and nu < LOWEST_NU
    yield Evidence(
        f"the {len(fed)} layers that feed SELU have fan Var W = {tau:.3g} on average, and the variance falls from "
        f"{fed[0].q:.3g} to {nu:.3g}; SELU holds it from {LOWEST_TAU:g} on"
        if wrong
        else f"the {len(fed)} layers that feed SELU have fan Var W = {tau:.3g}, and the variance ends at {nu:.3g}",
        measured=tau, expected=1.0, allowed=LOWEST_TAU, n=len(fed), holds=not wrong,
        severity=Severity.WARNING if wrong else None,
        fix='nn.init.kaiming_normal_(layer.weight, nonlinearity="linear")  # gain 1, not calculate_gain("selu") = 3/4'
        if wrong else "",
    )  # fmt: skip


def _feeds_selu(trace: Trace, node: Node) -> bool:
    after = following(trace, node)
    return len(after) == 1 and after[0].op == "selu"
