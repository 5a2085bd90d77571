"""The optimizer cannot step the sparse gradients of a table.

## What it checks
Tables with `sparse=True` and the optimizer given, kept by the model, or made by its `configure_optimizers()`: whether
it takes sparse gradients with its options. Of torch: the gradient holds the rows that were looked up and no others;
each optimizer with a sparse gradient, with and without weight decay; that its norm cannot be clipped.

## Why it matters
The first step raises: Adam, AdamW, RMSprop and others take dense gradients only; SGD and Adagrad take sparse ones,
but not with weight decay; SparseAdam takes nothing else. LBFGS takes them and makes them dense, which the
documentation does not say.

## How it decides
Certain: a copy of the optimizer, with the options of the group that holds the table, takes two steps on a small
table, and raises or does not. With inputs, a table that a matrix product uses too is stepped with a dense gradient,
which is what it will get. The user's optimizer, its state and its hooks are not touched. Of torch itself each
promise is run: what torch is known to do otherwise is a note that says so, anything else an error.

## How to fix
A group of its own for the table: `torch.optim.SparseAdam(emb.parameters())`, and another optimizer for the rest.

## Example
`Adagrad(model.parameters(), weight_decay=0.01)` with `nn.Embedding(50, 8, sparse=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.optimizer_rehearsal import rehearse, steppers
from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from embcheck.propagation.traced.graph import Trace
    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "promise", "trace"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Let a copy of each optimizer step a small sparse table."""
    if subject.kind == "promise":
        yield from promised(subject, "sparse-optimizer")
        return
    if subject.kind == "trace":
        yield from _made_dense(subject.value, subject.facts["census"])
        return
    for optimizer, name, layer in steppers(subject.value):
        needs_sparse = type(optimizer).__name__ == "SparseAdam"
        if not (layer.sparse or needs_sparse):
            continue
        shown = rehearse(optimizer, layer.weight, sparse=bool(layer.sparse))
        if shown is None:
            continue
        yield Evidence(
            f"{shown.optimizer} does not take its gradient: the first step raises {shown.refused}"
            if shown.refused
            else f"{shown.optimizer} takes its gradient",
            part=name,
            holds=not shown.refused,
            fix=_fix(name, layer) if shown.refused else "",
        )


def _fix(name: str, layer: nn.Embedding | nn.EmbeddingBag) -> str:
    if layer.sparse:
        return f"torch.optim.SparseAdam({spelled(name)}.parameters()), without weight_decay"
    return f"torch.optim.Adam({spelled(name)}.parameters())  # or sparse=True for the table"


def _made_dense(trace: Trace, census: Census) -> Iterator[Evidence]:
    """Tables with `sparse=True` that a matrix product uses too (a tied decoder): the sum of both gradients is dense."""
    products = {n.weight for n in trace.nodes if n.kind == "affine"}
    for optimizer, name, layer in steppers(census):
        if not layer.sparse or f"{name}.weight".lstrip(".") not in products:
            continue
        shown = rehearse(optimizer, layer.weight, sparse=False)
        if shown is not None:
            yield Evidence(
                f"a matrix product uses the table too, so that its gradient is dense, and {shown.optimizer} "
                + (f"does not take it: the first step raises {shown.refused}" if shown.refused else "takes it"),
                part=name, holds=not shown.refused,
                fix="an optimizer for dense gradients, and sparse=False; or a table of its own for the product"
                if shown.refused else "",
            )  # fmt: skip
