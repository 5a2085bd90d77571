"""A conversion cuts the autograd graph.

## What it checks
`torch.tensor(x)`, `torch.tensor([x0, x1])`, `.item()` inside a loss, and the way there and back through numpy. In an
audit with inputs: the trainable weights in front of a point where the forward hands its signal to numpy, and the
trainable parameters that it computes with through `.data`.

## Why it matters
The values are right and the gradient is zero, or lacks a term. Some of these warn, once a process; `.item()` never
does.

## How it decides
Certain, not statistical. In the table each row is run: the operation, then the line to write instead; a row fails only
if torch or numpy do something else than is known, or if the line does not give the right values. The gradient is
computed and compared with the one by hand. In an audit: floating-point values went to `.numpy()` or `.tolist()` during
the forward, and trainable weights that they were computed with get no gradient from any output. What is only looked at
that way (logged, counted) gets its gradient on another way and passes. Or the forward read a parameter's `.data`, an
operation that autograd records took what that gave, and the parameter gets no gradient from any output: `detach()` is
how one says that this is meant, and passes.

## How to fix
`x.clone()` or `x` itself instead of `torch.tensor(x)`; `torch.stack([x0, x1])`; no `.item()` before `backward()`; the
operation of torch instead of numpy's (`torch.sort`), or an `autograd.Function` with a backward of its own. The
parameter itself instead of its `.data`.

## Example
`loss = torch.tensor([l1, l2]).sum()` -> `torch.stack([l1, l2]).sum()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.conversion_answers import answers, warned
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Trace
    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"pitfall", "converter", "line", "trace"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Ask a row, a function, a line or a pass."""
    if subject.kind == "trace":
        yield from _in_a_pass(subject.value)
        return
    yield from answers(subject, "lost-gradient")
    yield from warned(subject, "copy construct", "requires_grad=True to a scalar")


def _in_a_pass(trace: Trace) -> Iterator[Evidence]:
    """Where values left torch, and no gradient comes back to the weights that made them."""
    without = {g.name for g in trace.gradients if g.power != g.power and g.zero == 1}
    for index, how in trace.left:
        node = trace.behind_views(index)
        cut = sorted(trace.weights_before(node) & without)
        if cut:
            yield Evidence(
                f".{'__array__' if how == 'array' else how}() takes the output of {node.label} out of torch during the "
                f"forward, and {len(cut)} trainable weights before it ({cut[0]} first) get no gradient",
                measured=float(len(cut)), expected=0.0, part=node.label, holds=False,
                fix="the same operation in torch, or an autograd.Function with a backward",
            )  # fmt: skip
    for name, module in trace.cut.items():
        if name in without:
            yield Evidence(
                f"the forward of {module or 'the model'} computes with its .data: it is trainable and gets no gradient "
                "from any output",
                measured=0.0, part=name, holds=False, fix=f"self.{name.rpartition('.')[2]} without .data",
            )  # fmt: skip
