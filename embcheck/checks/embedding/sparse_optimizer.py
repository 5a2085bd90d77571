"""The optimizer cannot step the sparse gradients of a table.

## What it checks
Tables with `sparse=True` and the optimizer given, or kept by the model: whether it takes sparse gradients with its
options.

## Why it matters
The first step raises: Adam, AdamW, RMSprop and others take dense gradients only; SGD and Adagrad take sparse ones, but
not with weight decay (and Adagrad not with `foreach`); SparseAdam takes nothing else.

## How it decides
Certain, from the documentation of `torch.optim` and `nn.Embedding` ("supported: SGD, SparseAdam, Adagrad"), for each
parameter group that holds a sparse table.

## How to fix
A group of its own for the table: `torch.optim.SparseAdam(emb.parameters())`, and another optimizer for the rest.

## Example
`Adagrad(model.parameters(), weight_decay=0.01)` with `nn.Embedding(50, 8, sparse=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at the groups that hold the weights of sparse tables."""
    census: Census = subject.value
    root = census.inventory.root if census.inventory is not None else None
    if root is None or census.inventory is None:
        return
    own = [v for v in vars(root).values() if isinstance(v, torch.optim.Optimizer)]
    optimizers = [census.optimizer] if census.optimizer is not None else own
    sparse = {
        id(m.weight): name
        for name, m in census.inventory.modules.items()
        if isinstance(m, (nn.Embedding, nn.EmbeddingBag)) and m.sparse
    }
    for optimizer in optimizers:
        kind = type(optimizer).__name__
        for group in optimizer.param_groups:
            names = [sparse[id(p)] for p in group["params"] if id(p) in sparse]
            dense = [p for p in group["params"] if id(p) not in sparse]
            trouble = _trouble(kind, group, bool(dense)) if names or kind == "SparseAdam" else ""
            for name in names or ([""] if trouble else []):
                yield Evidence(
                    trouble or f"{kind} takes its sparse gradients", part=name, holds=not trouble,
                    fix=f"torch.optim.SparseAdam({name or 'emb'}.parameters())" if trouble else "",
                )  # fmt: skip


def _trouble(kind: str, group: dict[str, Any], dense: bool) -> str:
    if kind == "SparseAdam":
        return "SparseAdam steps sparse gradients only, and this group holds dense parameters" if dense else ""
    if kind not in {"SGD", "Adagrad"}:
        return f"{kind} does not take sparse gradients: its first step raises"
    if group.get("weight_decay"):
        return (
            f"{kind} with weight_decay={group['weight_decay']:g} does not take sparse gradients: its first step raises"
        )
    if kind == "SGD" and group.get("momentum") and group.get("nesterov"):
        return "SGD with Nesterov momentum does not take sparse gradients"
    return ""
