"""What `scale-too-small` and `scale-too-large` say of a layer on a forward pass: what its activation needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.following_operations import following
from embcheck.errors import UsageError
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.maps import moments
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.subjects.inventory.census import Census, Member

_PERIODIC = frozenset({"sin", "cos"})
"""What goes into these are phases: a large scale is a high frequency, and nothing saturates or grows."""
LARGEST, SMALLEST = 4.0, 1 / 16
"""On a forward pass: twice, or a quarter of, the standard deviation that keeps the power of the signal. Documented
choices leave less: torch's default is 1/9 at worst (hardswish), kaiming's fan_out on a layer that halves its width
2."""


def scale_in_forward(trace: Trace, census: Census, small: bool) -> Iterator[Evidence]:
    """Layers that multiply the power of their input by far more, or less, than their activation needs.

    The gain is fan Var W with the fan that one output really sums over: in/groups times the kernel, over the strides
    when transposed; a factor between the layer and its activation (SIREN's omega) counts. Needed is 1/V(1), V(q) =
    E[phi(sqrt(q) z)^2] (He et al., 2015, eq. 10, for any activation). Layers before a norm, on a residual branch, or at
    the output are not asked: their scale is somebody else's business; nor is, for being too small, a weight drawn with
    a constant that somebody typed (0.02 for every layer): no fan was mistaken there, and what it does to the depth is
    asked of the depth. Nor is one drawn with `mode='fan_out'`, which keeps the power of the gradient instead: either
    criterion suffices, as the factors fan_in / fan_out of a chain telescope (ibid., eq. 15 and the remark after it);
    nor by xavier with gain 1, the mean of both criteria (Glorot & Bengio, 2010, eq. 12).
    """
    meant = {m.held.name for m in census.parameters if m.fresh and ((small and _typed(m.law)) or _backward(m))}
    for node in trace.nodes:
        if node.weight in meant:
            continue
        follower = _follower(trace, node)
        if follower is None:
            continue
        needed = needed_gain(follower)
        factor, arrives = _between(trace, node, follower)
        gain = node.gain2 * factor
        if needed is None or not gain > 0 or (not small and follower.op in _PERIODIC):
            continue
        ratio = gain / needed
        wrong = ratio < SMALLEST if small else ratio > LARGEST
        if not 0.5 < factor < 2:  # a scale set by hand, for the input that there is: the power counts that arrives
            # and a signal divided before its activation was meant to be small there (soft clamps: 3 tanh(x / 3))
            wrong = wrong and (factor > 1 and arrives < SMALLEST if small else arrives > LARGEST)
        right = node.weight_std / math.sqrt(ratio)
        yield Evidence(
            f"one output sums {node.fan:g} inputs, so std {node.weight_std:.3g} multiplies the power of the signal by "
            f"{gain:.3g} where {follower.op} needs {needed:.3g} (factor {ratio:.3g}, "
            f"{SMALLEST:.3g} to {LARGEST:g} is allowed)",
            measured=node.weight_std, expected=right, allowed=right * math.sqrt(SMALLEST if small else LARGEST),
            part=node.weight or node.name, holds=not wrong, severity=Severity.WARNING,
            fix=f"nn.init.normal_({node.weight}, std={right:.4g})  # fan {node.fan:g}" if wrong else "",
        )  # fmt: skip


def _typed(law: str) -> bool:
    """Whether its constants are plain numbers, and no function of fans."""
    return law.startswith(("normal(", "trunc_normal(", "uniform(")) and "fan" not in law


_GLOROT = ("xavier_normal()", "xavier_uniform()")


def _backward(member: Member) -> bool:
    """Whether a layer was drawn, or may as well have been, by a criterion that keeps the gradient too.

    torch's fan_out forgets the groups of a convolution, so that with groups it keeps neither power; and what is neither
    a matrix nor the kernel of a convolution it takes for one.
    """
    named = any("mode='fan_out'" in law or law in _GLOROT for law in (member.law, *member.near))
    known = member.held.layer == "conv" or len(member.held.shape) == 2
    return named and known and getattr(member.held.module, "groups", 1) == 1


def _between(trace: Trace, node: Node, follower: Node) -> tuple[float, float]:
    """By how much the power changes on the way from a layer to its activation, and what it is there."""
    at = trace.nodes[follower.parents[0]] if follower.parents else node
    ratio = at.q / node.q if node.q > 0 else math.nan
    return (ratio if math.isfinite(ratio) and ratio > 0 else 1.0), at.q


def _follower(trace: Trace, node: Node) -> Node | None:
    """The activation that an affine layer feeds, if nothing but further layers comes after it."""
    if node.kind != "affine" or math.isnan(node.fan) or node.index in trace.in_branch:
        return None
    after = following(trace, node)
    if len(after) != 1 or after[0].kind != "activation":
        return None
    beyond = following(trace, after[0])
    if not beyond or any(n.kind in {"norm", "merge"} for n in beyond):
        return None
    return after[0]


def needed_gain(follower: Node) -> float | None:
    """fan Var W that keeps the power of the signal before this activation, 1/V(1); None where no theory knows it."""
    name = {"hardtanh": "hardtanh", "glu": ""}.get(follower.op, follower.op)
    if not name:
        return None
    value = dict(follower.options)
    spelled = f"{name}({next(iter(value.values())):g})" if value and name in {"leaky_relu", "elu", "celu"} else name
    try:
        v = moments(activation(spelled), 1.0).V
    except UsageError:
        return None
    return 1 / v if v > 0 else None
