"""A trainable weight is zero altogether.

## What it checks
Floating-point parameters with two or more dimensions larger than 1: whether every element is exactly 0. Biases and
single tokens are not asked; neither is one factor of a low-rank pair, whose other factor is drawn (LoRA's B).

## Why it matters
`nn.Parameter(torch.zeros(...))` is often the first half of an initialization whose second half was forgotten: the model
starts without positions, classes or queries. A zero weight also sends no gradient to what lies before it.

## How it decides
Certain: the count of zeros is compared with the count of elements. A warning, because some designs start a branch at
zero on purpose (zero-initialised gates and heads); one sentence in the configuration says so. Two factors of a product
are recognised by their shapes: (d, r) beside a drawn (r, k) in the same layer, or in the layer beside it.

## How to fix
Draw it: `nn.init.normal_(self.pos_emb, std=0.02)`; or ignore the rule for this tensor with the reason.

## Example
`self.pos_emb = nn.Parameter(torch.zeros(1, n, d))` and nothing after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.spelling import drawing
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the zeros of every weight of the census with its size."""
    census: Census = subject.value
    silent = 0
    for member in census.parameters:
        held = member.held
        vector = sum(size > 1 for size in held.shape) < 2  # one token, a gate, a scale: as a bias, it may start at zero
        if vector or not member.n or not held.trainable or "bias" in held.role or member.declared:
            continue
        if member.zero < member.n:
            silent += 1
        elif partner := _partner(member, census):
            yield Evidence(
                f"it is zero, and its partner {partner} is drawn: a low-rank product that starts at zero and learns",
                part=held.name, holds=True, n=member.n,
            )  # fmt: skip
        else:
            yield Evidence(
                f"all {member.n} elements are zero: it was never drawn, or it starts a branch at zero on purpose",
                measured=1.0, expected=0.0, allowed=0.0, n=member.n, part=held.name, holds=False,
                fix=drawing(held, 0.02),
            )  # fmt: skip
    if silent:
        yield Evidence(f"{silent} weights are not zero altogether", holds=True, n=silent)


def _partner(zero: Member, census: Census) -> str:
    """The drawn factor of a product with this one: in the same layer, or in one beside it, with an equal inner
    dimension that is the smallest of all."""
    parent = zero.held.module_name.rpartition(".")[0]
    for other in census.parameters:
        near = other.held.module_name == zero.held.module_name or other.held.module_name.rpartition(".")[0] == parent
        if other is zero or not near or len(other.held.shape) != len(zero.held.shape) or other.zero == other.n:
            continue
        a, b = zero.held.shape[:2], other.held.shape[:2]
        for inner in ({a[0], a[1]} & {b[0], b[1]}) - {1}:
            if inner == min(*a, *b) and inner < max(a) and inner < max(b) and (a[1] == b[0] or a[0] == b[1]):
                return other.held.name
    return ""
