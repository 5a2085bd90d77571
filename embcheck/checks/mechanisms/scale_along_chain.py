"""What `scale-too-small` and `scale-too-large` say of a whole chain of layers: small errors that multiply."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.following_operations import following, homogeneous
from embcheck.checks.mechanisms.scale_in_forward import needed_gain
from embcheck.propagation.verdict import LIMIT
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Node, Trace

_FEWEST = 3


def scale_along(trace: Trace, small: bool) -> Iterator[Evidence]:
    """Chains of affine layers with nothing, or an activation of the ReLU family, between them.

    From one pre-activation to the next the power of the signal is multiplied by V fan Var W, V = E[phi(z)^2] (He et
    al. 2015, eq. 10), whatever its scale, as phi is homogeneous. The product over the chain is a matter of the weights'
    standard deviations alone: unlike a forward pass through one network of finite width it hardly fluctuates.
    """
    for chain in _chains(trace):
        steps = [math.log(layer.gain2 * v) for layer, v in chain]
        total, names = sum(steps), [layer.weight or layer.name for layer, _ in chain]
        if small is (total > 0) and abs(total) > LIMIT:
            continue  # the other rule's
        wrong = total < -LIMIT if small else total > LIMIT
        each = math.exp(total / len(chain))
        layer, v = max(chain, key=lambda link: abs(math.log(link[0].gain2 * link[1])))
        right = math.sqrt(1 / (v * layer.fan))
        yield Evidence(
            f"the {len(chain)} layers from {names[0]} to {names[-1]} multiply the power of the signal by "
            f"{math.exp(total):.3g} together, {each:.3g} each (ln {total:+.2f}; {-LIMIT:g} to {LIMIT:g} is allowed)",
            measured=total, expected=0.0, allowed=-LIMIT if small else LIMIT, n=len(chain), part=names[0],
            holds=not wrong, severity=Severity.WARNING,
            fix=f"nn.init.normal_({layer.weight}, std={right:.4g})  # fan {layer.fan:g}; the others likewise"
            if wrong else "",
        )  # fmt: skip


def _chains(trace: Trace) -> Iterator[list[tuple[Node, float]]]:
    """Layers after the first of each chain, each with V of what its input went through."""
    ahead: dict[int, tuple[Node, float]] = {}
    for node in trace.nodes:
        if (link := _link(trace, node)) is not None:
            ahead[node.index] = link
    entered = {layer.index for layer, _ in ahead.values()}
    for start in (i for i in ahead if i not in entered):
        chain: list[tuple[Node, float]] = []
        at: int | None = start
        while at in ahead:
            chain.append(ahead[at])
            at = ahead[at][0].index
        if at is not None and _last(trace, trace.nodes[at]):
            chain.pop()  # the output layer: its scale is that of the logits
        if len(chain) >= _FEWEST:
            yield chain


def _last(trace: Trace, node: Node) -> bool:
    """Whether nothing comes after it but the function that makes probabilities, or actions, of logits."""
    after = following(trace, node)
    return all((n.kind == "activation" or "softmax" in n.op) and not following(trace, n) for n in after)


def _link(trace: Trace, node: Node) -> tuple[Node, float] | None:
    """The affine layer that this one feeds, alone, and the share of its power that arrives there."""
    if node.kind != "affine" or node.index in trace.in_branch or not node.gain2 > 0:
        return None
    last, v = node, 1.0
    after = following(trace, node)
    if len(after) == 1 and homogeneous(after[0]):
        needed = needed_gain(after[0])
        if needed is None:
            return None
        v = _scaled(trace, node, after[0]) / needed
        last, after = after[0], following(trace, after[0])
    if len(after) != 1 or after[0].kind != "affine" or not after[0].gain2 > 0:
        return None
    return after[0], v * _scaled(trace, last, after[0])


def _scaled(trace: Trace, start: Node, end: Node) -> float:
    """By how much what lies between two nodes changes the power of the signal: factors, pooling, a bias."""
    at = next((trace.nodes[p] for p in end.parents if p >= start.index), start)
    ratio = at.q / start.q if start.q > 0 else math.nan
    return ratio if math.isfinite(ratio) and ratio > 0 else 1.0
