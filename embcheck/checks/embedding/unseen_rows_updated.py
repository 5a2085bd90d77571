"""The optimizer moves rows of a table that no batch has used.

## What it checks
Tables with dense gradients and the optimizer given, or kept by the model: whether rows with a gradient of exactly zero
move, by momentum or weight decay.

## Why it matters
Adam moves a row for many steps after its token was last seen, and weight decay shrinks the rows of rare tokens at every
step: rare tokens drift without evidence.

## How it decides
Certain, on a copy of one table of 3 rows stepped twice by an optimizer with the group's options: row 0 has a gradient in
the first step, row 1 in the second, row 2 never. It fails if row 0 moves in the second step or row 2 at all. A warning:
it is how these optimizers work, and seldom wanted for tables.

## How to fix
`nn.Embedding(..., sparse=True)` with `torch.optim.SparseAdam`; no weight decay on tables.

## Example
`Adam(model.parameters())` with `nn.Embedding(20, 4)`.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Try each optimizer that steps a dense table on a table of its own."""
    census: Census = subject.value
    root = census.inventory.root if census.inventory is not None else None
    if root is None or census.inventory is None:
        return
    own = [v for v in vars(root).values() if isinstance(v, torch.optim.Optimizer)]
    optimizers = [census.optimizer] if census.optimizer is not None else own
    tables = {
        id(m.weight): (name, m.sparse) for name, m in census.inventory.modules.items() if isinstance(m, nn.Embedding)
    }
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            for name, sparse in (tables[id(p)] for p in group["params"] if id(p) in tables):
                try:
                    seen, never = _moves(type(optimizer), group, sparse)
                except Exception as error:  # noqa: BLE001 - any optimizer may be given; sparse-optimizer speaks of these
                    yield Skip(f"{type(optimizer).__name__} could not step a table: {error}", part=name)
                    continue
                moved = max(seen, never)
                why = "momentum moves a row after its token was last seen" if seen else "weight decay moves every row"
                yield Evidence(
                    f"{type(optimizer).__name__} moves rows without gradient by {moved:.2g} a step: {why}"
                    if moved
                    else f"{type(optimizer).__name__} leaves rows without gradient alone",
                    measured=moved, expected=0.0, allowed=0.0, part=name, holds=moved == 0,
                    fix=f"{name} = nn.Embedding(..., sparse=True)  # with torch.optim.SparseAdam" if moved else "",
                )  # fmt: skip


def _moves(kind: type[torch.optim.Optimizer], group: dict[str, Any], sparse: bool) -> tuple[float, float]:
    """How far row 0 moves in the step after its own, and row 2 at any time."""
    known = inspect.signature(kind).parameters
    options = {k: v for k, v in group.items() if k != "params" and k in known}
    with torch.enable_grad():
        table = nn.Embedding(3, 2, sparse=sparse, _weight=torch.ones(3, 2))
        optimizer = kind(table.parameters(), **options)
        before = table.weight.detach().clone()
        for row in (0, 1):
            optimizer.zero_grad()
            table(torch.tensor([row])).sum().backward()
            if row == 1:
                before[0] = table.weight.detach()[0]
            optimizer.step()
        moved = (table.weight.detach() - before).abs().amax(dim=1)
    return float(moved[0]), float(moved[2])
