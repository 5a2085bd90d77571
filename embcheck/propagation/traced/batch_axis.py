"""Where the batch is in a tensor that was transposed, flattened and cut: the variance between inputs needs it.

An axis is (dimension, sub): that dimension, of size outer * batch * sub, counts the inputs in its middle. The batch of
the model's own inputs is their first dimension, (0, 1).
"""

from __future__ import annotations

import math
from typing import Any

import torch

from embcheck.propagation.traced.graph import RECURRENT

Axis = tuple[int, int]

_SAME_ORDER = frozenset(
    {"view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "contiguous", "view_as", "reshape_as"}
)
_PERMUTING = frozenset({"transpose", "permute", "t", "T", "mT", "H", "mH", "movedim", "swapaxes", "swapdims"})
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


def follow(  # noqa: PLR0917
    op: str, func: Any, call: tuple[tuple[Any, ...], dict[str, Any]], before: tuple[int, ...], axis: Axis | None,
    after: tuple[int, ...], batch: int,
) -> Axis | None:  # fmt: skip
    """The axis in the output, from that in the tensor that went in; None where it cannot be told.

    Args:
        op: the operation's name; func: itself; call: its arguments.
        before: shape of the tensor that went in; axis: its axis.
        after: shape of the output.
        batch: how many inputs there are.
    """
    if axis is None:
        return None
    if op in _SAME_ORDER and math.prod(before) == math.prod(after):
        return _reshaped(before, axis, after, batch)
    if op in _PERMUTING and len(before) <= len(_PRIMES):
        return _permuted(op, func, call, len(before), axis)
    kept = _kept(before, axis, after)
    if kept is None and op in RECURRENT and len(after) > 1 and after[-2] == batch:
        return len(after) - 2, 1  # last states are [layers, batch, units] whatever comes first in the input
    return kept


def variance(t: torch.Tensor, axis: Axis, batch: int) -> torch.Tensor:
    """Variance over the inputs, unbiased, averaged over everything else."""
    dimension, sub = axis
    size = t.shape[dimension]
    if size == batch:
        return t.var(dim=dimension).mean()
    shape = (*t.shape[:dimension], size // (batch * sub), batch, sub, *t.shape[dimension + 1 :])
    return t.reshape(shape).var(dim=dimension + 1).mean()


def _reshaped(before: tuple[int, ...], axis: Axis, after: tuple[int, ...], batch: int) -> Axis | None:
    """Row-major order stays: an input's number is (linear index // inner) % batch."""
    inner = axis[1] * math.prod(before[axis[0] + 1 :])
    below = 1
    for dimension in reversed(range(len(after))):
        size = after[dimension]
        if below * size >= inner * batch:
            fits = inner % below == 0 and below * size % (inner * batch) == 0
            return (dimension, inner // below) if fits else None
        below *= size
    return None


def _permuted(op: str, func: Any, call: tuple[tuple[Any, ...], dict[str, Any]], dims: int, axis: Axis) -> Axis | None:
    """Sizes that tell the dimensions apart show where each went."""
    args, kwargs = call
    probe = torch.empty(_PRIMES[:dims], device="meta")
    try:
        moved = getattr(probe, op) if op in {"T", "mT", "H", "mH"} else func(probe, *args[1:], **kwargs)
        return tuple(moved.shape).index(_PRIMES[axis[0]]), axis[1]
    except (RuntimeError, TypeError, ValueError, IndexError):
        return None


def _kept(before: tuple[int, ...], axis: Axis, after: tuple[int, ...]) -> Axis | None:
    """Every other operation leaves the dimension where it is, or cuts dimensions off before it."""
    dimension, sub = axis
    for shift in (0, len(before) - len(after)):
        place = dimension - shift
        if 0 <= place < len(after) and after[place] == before[dimension]:
            return place, sub
    return None
