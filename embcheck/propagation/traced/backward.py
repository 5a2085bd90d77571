"""The backward pass through a traced model: a random cotangent, and nothing left in `.grad`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager


def gradients(
    heads: Sequence[torch.Tensor],
    wanted: Sequence[torch.Tensor],
    cotangents: Sequence[torch.Tensor] | None,
    replay: AbstractContextManager[Any],
) -> Sequence[torch.Tensor | None]:
    """The gradient of every tensor in `wanted`; None where none arrives.

    Args:
        heads: where the backward pass starts.
        wanted: leaves.
        cotangents: one for each head; None for scalars.
        replay: entered while reentrant checkpoints compute their parts again.

    Raises:
        RuntimeError: a backward function raised.
    """
    if not _reentrant(heads):
        return torch.autograd.grad(heads, wanted, cotangents, allow_unused=True)
    with _put_aside(wanted), replay:
        torch.autograd.backward(heads, cotangents)
        return [t.grad for t in wanted]


def _reentrant(heads: Sequence[torch.Tensor]) -> bool:
    """Whether a reentrant activation checkpoint is on the way: those refuse `autograd.grad`."""
    queue: list[Any] = [t.grad_fn for t in heads]
    seen: set[Any] = set()
    while queue:
        node = queue.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if node.name() == "CheckpointFunctionBackward":
            return True
        queue.extend(following for following, _ in node.next_functions)
    return False


@contextlib.contextmanager
def _put_aside(tensors: Sequence[torch.Tensor]) -> Iterator[None]:
    """`.grad` is empty inside and as before after; hooks on it (an optimizer that steps in backward) do not run."""
    kept = [t.grad for t in tensors]
    tables: list[Any] = [getattr(t, "_post_accumulate_grad_hooks", None) or {} for t in tensors]
    hooks = [dict(table) for table in tables]
    for t, table in zip(tensors, tables, strict=True):
        t.grad = None
        table.clear()
    try:
        yield
    finally:
        for t, grad, table, hook in zip(tensors, kept, tables, hooks, strict=True):
            t.grad = grad
            table.update(hook)
