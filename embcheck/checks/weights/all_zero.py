"""A trainable weight is zero altogether.

## What it checks
Floating-point parameters with two or more dimensions larger than 1: whether every element is exactly 0. Biases and
single tokens are not asked; neither is one factor of a low-rank pair, whose other factor is drawn (LoRA's B), nor what
is frozen, except the weight of a linear, convolutional or embedding layer, which torch draws: it stays zero.

## Why it matters
`nn.Parameter(torch.zeros(...))` is often the first half of an initialization whose second half was forgotten: the model
starts without positions, classes or queries. A zero weight also sends no gradient to what lies before it.

## How it decides
Certain: the count of zeros is compared with the count of elements. A warning, because some designs start a branch at
zero on purpose; one sentence in the configuration says so. Two factors of a product are recognised by their shapes:
(d, r) beside a drawn (r, k) in the same layer, or in the layer beside it; of stacks of such pairs by the last two.

Without inputs, zeros in a linear or convolutional layer, whose constructor draws its weight, are a note: they cannot
have been forgotten, somebody wrote them (ControlNet, adaptive norms, last layers of residual blocks). They stay a
warning where most of the model is zero, or where the other factor of a low-rank product is zero too.

With inputs, one backward pass tells a branch that starts at zero from a weight that is dead. A zero matrix, kernel or
table that multiplies its input passes if gradient reaches it (zero-initialised heads, last layers of residual and
coupling blocks, output vectors of word2vec), or if gradient reaches another zero weight and so will reach this one
after the first step (ControlNet's outer and inner convolutions). A table whose vectors go into a layer by themselves is
the signal, and does not pass: all inputs are alike. Neither does a layer in the middle, after which the next layer
follows before anything else (a skip connection, a gate) joins in: nothing of the input gets through. Where every zero
weight has a gradient of exactly zero, as in a product of two zero tables, none will ever move: an error. What is added
to the signal (positions, tokens) is not excused by its gradient: nothing but a draw tells its rows apart.

## How to fix
Draw it: `nn.init.normal_(self.pos_emb, std=0.02)`; or ignore the rule for this tensor with the reason.

## Example
`self.pos_emb = nn.Parameter(torch.zeros(1, n, d))` and nothing after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from embcheck.checks.mechanisms.following_operations import following
from embcheck.checks.mechanisms.spelling import drawing
from embcheck.propagation.traced.graph import PLUMBING
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "trace", "failed-forward"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the zeros of every weight of the census with its size; with a trace, its gradient with zero."""
    if subject.kind == "model" and subject.facts.get("traced"):
        return  # asked again of the trace, or of the forward that failed
    census: Census = subject.facts["census"]
    trace: Trace | None = subject.value if subject.kind == "trace" and subject.value.gradients else None
    asked = [m for m in census.parameters if _asked(m)]
    zero = [m for m in asked if m.zero == m.n]
    power = {g.name: g.power for g in trace.gradients} if trace is not None else {}
    alive = any(power.get(m.held.name, 0.0) > 0 for m in zero)
    for member in zero:
        name, n = member.held.name, member.n
        if partner := _partner(member, census):
            yield Evidence(
                f"it is zero, and its partner {partner} is drawn: a low-rank product that starts at zero and learns",
                part=name, holds=True, n=n,
            )  # fmt: skip
        elif (
            trace is not None
            and power.get(name, float("nan")) >= 0
            and _multiplies(trace, name)
            and not (alive and _blocks(trace, name))
        ):
            yield _by_gradient(member, power[name] > 0, alive)
        elif trace is None and 2 * len(zero) <= len(asked) and _written(member, census):
            yield Evidence(
                f"all {n} elements are zero, and torch draws the weight of this layer: somebody wrote zeros over it, "
                "to start a branch or a head at zero; with inputs, a backward pass tells whether it learns",
                measured=1.0, expected=0.0, allowed=0.0, n=n, part=name, holds=False, severity=Severity.NOTE,
                fix=drawing(member.held, 0.02),
            )  # fmt: skip
        else:
            why = (
                "it was never drawn, or it starts a branch at zero on purpose"
                if member.held.trainable
                else "it is frozen, and will stay zero: nothing was loaded into it"
            )
            yield Evidence(
                f"all {n} elements are zero: {why}",
                measured=1.0, expected=0.0, allowed=0.0, n=n, part=name, holds=False, fix=drawing(member.held, 0.02),
            )  # fmt: skip
    if drawn := len(asked) - len(zero):
        yield Evidence(f"{drawn} weights are not zero altogether", holds=True, n=drawn)


def _asked(member: Member) -> bool:
    """One token, a gate or a scale may start at zero, as a bias may."""
    vector = sum(size > 1 for size in member.held.shape) < 2
    held = member.held
    layer = held.role == "weight" and held.layer in {"linear", "conv", "embedding"}
    return bool(not vector and member.n and (held.trainable or layer) and "bias" not in held.role) and (
        not member.declared
    )


def _multiplies(trace: Trace, name: str) -> bool:
    """Whether the signal is multiplied by it, as by the weight of a layer, and nowhere is it added to the signal."""
    uses = [n for n in trace.nodes if n.weight == name]
    looked_up = [n for n in uses if n.kind == "lookup"]
    added = (n for n in looked_up for after in following(trace, n) if after.op in _SUMS)
    return bool(uses) and next(added, None) is None


def _blocks(trace: Trace, name: str) -> bool:
    """Whether nothing of the input gets past it, though it may learn."""
    uses = [n for n in trace.nodes if n.weight == name]
    return any(_is_signal(trace, n) if n.kind == "lookup" else _cuts(trace, n) for n in uses)


def _cuts(trace: Trace, node: Node) -> bool:
    """Whether a layer with weights comes after it before anything else joins in: nothing of the input gets through."""
    waiting, seen = list(trace.children[node.index]), set[int]()
    while waiting:
        i = waiting.pop()
        child = trace.nodes[i]
        if i in seen or len(set(child.parents)) > 1:
            continue
        seen.add(i)
        if child.kind in {"affine", "recurrent"}:
            return True
        waiting.extend(trace.children[i])
    return False


def _is_signal(trace: Trace, node: Node) -> bool:
    """Whether what was looked up goes into a layer by itself: then nothing but the table tells the inputs apart."""
    for i in trace.children[node.index]:
        child = trace.nodes[i]
        passed = child.op in PLUMBING or (len(set(child.parents)) == 1 and child.op in _POOLED)
        if (passed and _is_signal(trace, child)) or child.kind in _LAYERS:
            return True
    return False


_SUMS = frozenset({"add", "radd", "iadd"})
_POOLED = frozenset({"sum", "mean", "dropout", "mul", "rmul", "truediv", "div"})
_LAYERS = frozenset({"affine", "norm", "recurrent"})


def _by_gradient(member: Member, moves: bool, alive: bool) -> Evidence:
    n = member.n
    if moves or alive:
        why = "it receives gradient" if moves else "another zero weight receives gradient and opens the way to it"
        return Evidence(
            f"it is zero, and {why}: a branch that starts at zero and learns", part=member.held.name, holds=True, n=n
        )
    return Evidence(
        f"all {n} elements are zero and so is its gradient, and that of every other zero weight: it stays zero",
        measured=1.0, expected=0.0, allowed=0.0, n=n, part=member.held.name, holds=False, severity=Severity.ERROR,
        fix=drawing(member.held, 0.02),
    )  # fmt: skip


def _written(member: Member, census: Census) -> bool:
    """Whether the constructor of its layer draws it, so that zeros are no forgotten initialization, and no partner is
    zero as well, so that they are no product that never learns."""
    layer = isinstance(member.held.module, (nn.Linear, nn.modules.conv._ConvNd))  # noqa: SLF001 - torch has no public name for it
    return layer and member.held.role == "weight" and not _partner(member, census, zero_too=True)


def _partner(zero: Member, census: Census, *, zero_too: bool = False) -> str:
    """The drawn factor of a product with this one (or one that is zero as well): in the same layer, or in one beside
    it, with an equal inner dimension that is the smallest of all."""
    for other in census.parameters:
        near = _beside(zero.held.module_name, other.held.module_name)
        if other is zero or not near or len(other.held.shape) != len(zero.held.shape):
            continue
        if (other.zero == other.n) is not zero_too:
            continue
        cut = max(0, len(zero.held.shape) - 2) if zero.held.layer != "conv" else 0
        if zero.held.shape[:cut] != other.held.shape[:cut]:
            continue
        a, b = zero.held.shape[cut:][:2], other.held.shape[cut:][:2]
        for inner in ({a[0], a[1]} & {b[0], b[1]}) - {1}:
            if inner == min(*a, *b) and inner < max(a) and inner < max(b) and (a[1] == b[0] or a[0] == b[1]):
                return other.held.name
    return ""


def _beside(one: str, other: str) -> bool:
    """Whether two layers are one, or differ in a single word of their paths: `q.lora_A.default`, `q.lora_B.default`."""
    a, b = one.split("."), other.split(".")
    apart = [i for i in range(min(len(a), len(b))) if a[i] != b[i]]
    if len(a) != len(b) or len(apart) > 1:
        return False
    # blocks of a stack are no partners: `h.0.fc`, `h.1.fc`; neighbours in a Sequential may be
    return not apart or apart[0] == len(a) - 1 or not (a[apart[0]].isdigit() and b[apart[0]].isdigit())
