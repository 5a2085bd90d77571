"""The optimizer cannot step the sparse gradients of a table.

## What it checks
Tables with `sparse=True` and the optimizer given, or kept by the model: whether it takes sparse gradients with its
options. Of torch: the gradient holds the rows that were looked up and no others; each optimizer with a sparse
gradient, with and without weight decay; that its norm cannot be clipped.

## Why it matters
The first step raises: Adam, AdamW, RMSprop and others take dense gradients only; SGD and Adagrad take sparse ones,
but not with weight decay; SparseAdam takes nothing else. LBFGS takes them and makes them dense, which the
documentation does not say.

## How it decides
Certain: a copy of the optimizer, with the options of the group that holds the table, takes two steps on a small
table, and raises or does not. The user's optimizer, its state and its hooks are not touched. Of torch itself each
promise is run: what torch is known to do otherwise is a note that says so, anything else an error.

## How to fix
A group of its own for the table: `torch.optim.SparseAdam(emb.parameters())`, and another optimizer for the rest.

## Example
`Adagrad(model.parameters(), weight_decay=0.01)` with `nn.Embedding(50, 8, sparse=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.embedding.promised import promised
from embcheck.checks.embedding.rehearsal import rehearse, steppers
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "promise"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Let a copy of each optimizer step a small sparse table."""
    if subject.kind == "promise":
        yield from promised(subject, "sparse-optimizer")
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
            fix=f"torch.optim.SparseAdam({name}.parameters()), without weight_decay" if shown.refused else "",
        )
