"""The optimizer moves rows of a table that no batch has used.

## What it checks
Tables with dense gradients and the optimizer given, or kept by the model: whether rows with a gradient of exactly
zero move, by momentum or weight decay. Of torch: whether SGD (plain, momentum, weight decay, sparse), Adam, AdamW,
Adagrad, RMSprop and SparseAdam move a row that was in the first batch and is not in the second.

## Why it matters
Adam moves a row for many steps after its token was last seen, and weight decay shrinks the rows of rare tokens at
every step: rare tokens drift without evidence.

## How it decides
Certain, on a small table stepped twice by a copy of the optimizer with the group's options: row 0 has a gradient in
the first step, row 1 in the second, row 3 never. It fails if row 0 moves in the second step or row 3 at all. A
warning: it is how these optimizers work, and seldom wanted for tables. Of torch itself each promise is run: what
torch is known to do otherwise is a note that says so, anything else an error.

## How to fix
`nn.Embedding(..., sparse=True)` with `torch.optim.SparseAdam`; no weight decay on tables.

## Example
`Adam(model.parameters())` with `nn.Embedding(20, 4)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.optimizer_rehearsal import rehearse, steppers
from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "promise"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Let a copy of each optimizer step a small table."""
    if subject.kind == "promise":
        yield from promised(subject, "unseen-rows-updated")
        return
    for optimizer, name, layer in steppers(subject.value):
        shown = rehearse(optimizer, layer.weight, sparse=bool(layer.sparse))
        if shown is None:
            continue
        if shown.refused:
            yield Skip(f"{shown.optimizer} could not step a table: {shown.refused}", part=name)
            continue
        moved = max(shown.moved, shown.never_seen)
        why = (
            "weight decay moves every row" if shown.never_seen else "momentum moves a row after its token was last seen"
        )
        yield Evidence(
            f"{shown.optimizer} moves rows without gradient by {moved:.2g} a step: {why}"
            if moved
            else f"{shown.optimizer} leaves rows without gradient alone",
            measured=moved,
            expected=0.0,
            allowed=0.0,
            part=name,
            holds=moved == 0,
            fix=f"{spelled(name)} = nn.{type(layer).__name__}(..., sparse=True)  # with torch.optim.SparseAdam"
            if moved
            else "",
        )
