"""The optimizer steps other tensors than the model's parameters.

## What it checks
The optimizer given, or kept as an attribute of the model: whether each of its tensors is a parameter of the model, and
each trainable parameter is in it.

## Why it matters
Parameters that were replaced after the optimizer was made (`.weight = nn.Parameter(...)`, a new head, `.to()` on some
wrappers) are never updated, while the old tensors are: the loss stalls and nothing is reported.

## How it decides
Certain: identity of objects. A tensor that is not the model's is an error; a trainable parameter that is left out is a
warning, because several optimizers may share a model.

## How to fix
Make the optimizer after the last change to the model: `torch.optim.AdamW(model.parameters())`.

## Example
`opt = Adam(model.parameters()); model.head = nn.Linear(d, 10)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the optimizer's tensors with the model's parameters."""
    census: Census = subject.value
    root = census.inventory.root if census.inventory else None
    if root is None:
        return
    optimizers = list(census.optimizers) or _own(root)
    if not optimizers:
        return
    parameters = {id(p): n for n, p in root.named_parameters()}
    stepped = {id(t): t for o in optimizers for group in o.param_groups for t in group["params"]}
    stale = [t for key, t in stepped.items() if key not in parameters]
    left = [n for n, p in root.named_parameters() if p.requires_grad and id(p) not in stepped]
    if stale:
        shapes = ", ".join(str(tuple(t.shape)) for t in stale[:4])
        yield Evidence(
            f"{len(stale)} of {len(stepped)} tensors of the optimizer are not parameters of the model "
            f"(shapes {shapes})",
            measured=float(len(stale)), expected=0.0, allowed=0.0, n=len(stepped), holds=False,
            fix=f"optimizer = {_class(optimizers[0])}(model.parameters())  # after the last change",
        )  # fmt: skip
    if left:
        yield Evidence(
            f"{len(left)} trainable parameters are in no optimizer: {', '.join(left[:4])}",
            measured=float(len(left)), expected=0.0, allowed=0.0, n=len(parameters), holds=False,
            severity=None if stale else Severity.WARNING,
            fix=f"optimizer.add_param_group({{'params': [{', '.join(spelled(n) for n in left)}]}})"
            if len(left) <= 4 else f"optimizer = {_class(optimizers[0])}(model.parameters())",
        )  # fmt: skip
    if not stale and not left:
        yield Evidence(f"the optimizer steps the model's {len(stepped)} parameters", n=len(stepped), holds=True)


def _own(root: torch.nn.Module) -> list[torch.optim.Optimizer]:
    return [v for v in vars(root).values() if isinstance(v, torch.optim.Optimizer)]


def _class(optimizer: torch.optim.Optimizer) -> str:
    name = type(optimizer).__name__
    return f"torch.optim.{name}" if hasattr(torch.optim, name) else name
