"""Rows of a matrix are equal.

## What it checks
Rows of every matrix, columns of one that trains, and entries along the first dimension of every other tensor (experts
of a stack, filters), that equal another one bit for bit. Those that hold a single value (all zero, all one) are left
out: `zero-rows` speaks of them. So are, in an audit, rows in ascending or descending order: a formula gives those to
every channel (`log(arange(1, n + 1))` in Mamba), and a drawn row of m numbers is in order with a chance of 2/m!. The
weight of a linear or convolutional layer that is one number throughout, and not 0, has nothing but equal rows.

## Why it matters
Two output units with equal weights get equal gradients and remain one unit for ever. Two tokens with equal vectors
cannot be told apart, and equal experts are one expert. The usual reasons are a draw that was expanded, a vocabulary
mapped twice, a table padded with copies, ranks or experts that drew their shards with one seed.

## How it decides
Rows with equal fingerprints are compared in full. p-value: the expected number of coinciding pairs of rows, (pairs)
c^m with m columns (Markov's inequality). c, the chance that two elements are the same number, is that of the law, or
of a normal with the tensor's own mean and std in its dtype, or, if larger, the share of equal pairs seen within rows
(tables of few distinct values repeat rows by chance). Corrected over the run (Holm). One pair of equal rows is caught
at any n where a row has four or more float32 numbers that differ. A weight of a single number is certain, and a
warning: in an output layer the targets still tell the rows apart. Matrices that are no layer's own weight (noise
scales, gates) may be constant, and so may tables by which the signal is multiplied (the gains of conditional norms);
with inputs, any other constant table that is looked up is a warning: all of its tokens are one token. In a table of
embeddings that varies, two or more rows of one number, not 0, are certain: words without a vector that were all given
the same constant.

## How to fix
Draw every row: `torch.randn(rows, dim)` and not `torch.randn(dim).repeat(rows, 1)`.

## Example
`head.weight.data[:] = head.weight.data[0]`: all classes are one class.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.constant_rows import constant_rows
from embcheck.checks.mechanisms.sample import dense
from embcheck.checks.mechanisms.spelling import drawing
from embcheck.laws.families import Normal
from embcheck.propagation.traced.graph import PLUMBING
from embcheck.results import Evidence, Severity
from embcheck.stats.repetition import Repetition, coincidence, coincidence_within, repeated_slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "trace"})
_ORDERED = 6
"""Elements of which a draw is in order with a chance of 2/6!, three in a thousand."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look for equal rows in `subject.value`, shape (rows, columns)."""
    if subject.kind == "trace":
        yield from _tokens_alike(subject.value, subject.facts["census"])
        return
    law, value = subject.law, dense(subject.value)
    if (law is not None and law.exact) or value is None or value.dim() < 2 or min(value.shape[:2]) < 2:
        return
    if not value.is_floating_point():
        return
    summary = subject.summary
    if _one_number(subject):
        yield Evidence(
            f"all {value.shape[0]:,} rows are the same: every element is {summary.min:.4g}, so that all units of the "
            "layer compute the same",
            measured=float(value.shape[0] - 1), expected=0.0, n=summary.n, holds=False, severity=Severity.WARNING,
            fix=drawing(subject.facts["held"], 0.02),
        )  # fmt: skip
        return
    if not summary.finite or not 0 < summary.std < float("inf"):
        return
    yield from constant_rows(subject, value)
    c = partial(_coincidence, subject, value)
    repetition, dim = repeated_slices(value, 0, c, constant=False), 0
    reading = subject.facts.get("reading")
    drawn = reading is not None and reading.held.trainable and not reading.computed
    if drawn and not repetition.count and value.dim() == 2:
        repetition, dim = repeated_slices(value, 1, c, constant=False), 1
    name = "column" if dim else "row" if value.dim() == 2 else "entry"
    if reading is not None and repetition.count and _in_order(value.select(dim, repetition.first)):
        repetition = Repetition(0, 0, 0, 1.0)
    if value.dim() >= 4 and (size := _sub_kernels(value, repetition.count)):
        yield Evidence(
            f"the kernels come in groups of {size} equal ones, as a pixel shuffle wants them (ICNR)",
            measured=float(size), n=value.numel(), holds=True,
        )  # fmt: skip
        return
    several = f"{value.shape[dim]:,} {'entries' if name == 'entry' else name + 's'}"
    yield Evidence(
        f"{name} {repetition.second} equals {name} {repetition.first}, and {repetition.count:,} of {several} "
        "repeat another"
        if repetition.count
        else f"no two of {several} are equal",
        measured=float(repetition.count),
        expected=0.0,
        p_value=repetition.p_value,
        n=value.numel(),
        detectable=1.0,
    )


def _coincidence(subject: Subject, value: torch.Tensor) -> float:
    """The chance that two elements are the same number: the law's, or what the tensor itself lets expect."""
    law, summary = subject.law, subject.summary
    if law is not None and law.iid:
        return coincidence(law, summary.dtype)
    drawn = coincidence(Normal(summary.mean, summary.std), summary.dtype)
    return max(drawn, coincidence_within(value.reshape(value.shape[0], -1)))


def _tokens_alike(trace: Trace, census: Census) -> Iterator[Evidence]:
    """Tables that hold one number, not 0, and that are more than a factor of the signal."""
    constant = {m.held.name: m for m in census.parameters if m.constant and m.low != 0 and m.held.trainable}
    for name in dict.fromkeys(n.weight for n in trace.nodes if n.kind == "lookup" and n.weight in constant):
        member = constant[name]
        uses = [use for n in trace.nodes if n.weight == name for use in _uses(trace, n)]
        if len(member.held.shape) == 2 and min(member.held.shape) > 1 and not any("mul" in op for op in uses):
            yield Evidence(
                f"every element is {member.low:.4g}: its {member.held.shape[0]:,} tokens cannot be told apart",
                measured=float(member.held.shape[0] - 1), expected=0.0, n=member.n, part=name, holds=False,
                severity=Severity.WARNING, fix=drawing(member.held, 0.02),
            )  # fmt: skip


def _uses(trace: Trace, node: Node) -> Iterator[str]:
    """The operations that take what was looked up, behind views."""
    for i in trace.children[node.index]:
        child = trace.nodes[i]
        yield from _uses(trace, child) if child.op in PLUMBING else (child.op,)


def _one_number(subject: Subject) -> bool:
    """Whether it is the weight of a layer that draws it, and holds one number that is not 0."""
    held, summary = subject.facts.get("held"), subject.summary
    if held is None or subject.facts.get("part") or held.layer not in {"linear", "conv"} or held.role != "weight":
        return False
    return bool(held.trainable and summary.finite == summary.n and summary.min == summary.max != 0)


def _sub_kernels(value: torch.Tensor, repeated: int) -> int:
    """r^2 if the entries are equal in consecutive groups of r^2 and in no other way, else 0: the initialization of
    sub-pixel convolutions that starts as a plain upsampling (Aitken et al. 2017, arXiv:1707.02937)."""
    for r in range(2, math.isqrt(value.shape[0]) + 1):
        size = r * r
        if value.shape[0] % size or repeated != value.shape[0] - value.shape[0] // size:
            continue
        groups = value.reshape(-1, size, *value.shape[1:])
        return size if bool((groups == groups[:, :1]).all()) else 0
    return 0


def _in_order(row: torch.Tensor) -> bool:
    """Whether its values ascend or descend, as no draw of this many would."""
    steps = row.reshape(-1).double().diff()
    return steps.numel() >= _ORDERED - 1 and bool((steps > 0).all() or (steps < 0).all())
