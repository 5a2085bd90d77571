"""A walk over a tensor, part by part, that says which parts it has left behind.

A tensor may lie in a file that is mapped into memory: its pages are read as they are looked at and stay until somebody
hands them back. Who mapped it can `own` it, and is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

ELEMENTS = 1 << 20
"""Of a part: large beside what a call costs, small beside the memory allowed."""


class Owner(Protocol):
    """Who has the memory of a tensor."""

    def left(self, part: torch.Tensor) -> None:
        """Nobody needs this contiguous part for the moment. Called from any thread; it may be looked at again."""
        ...


_owners: WeakValueDictionary[int, Owner] = WeakValueDictionary()
"""By the address of the storage."""


def own(tensor: torch.Tensor, owner: Owner) -> None:
    """Tell `owner`, as long as there is one, of every part of the tensor's storage that a walk leaves behind."""
    _owners[tensor.untyped_storage().data_ptr()] = owner


def _owner(tensor: torch.Tensor) -> Owner | None:
    return _owners.get(tensor.untyped_storage().data_ptr()) if len(_owners) and tensor.is_cpu else None


def leave(part: torch.Tensor) -> None:
    """The walk is past this part."""
    owner = _owner(part)
    if owner is not None and part.is_contiguous():
        owner.left(part)


def rows(tensor: torch.Tensor, elements: int | None = None) -> Iterator[torch.Tensor]:
    """Views of neighbouring slices along the first dimension, about so many elements each, in order."""
    if not tensor.dim() or not tensor.numel():
        yield tensor
        return
    for part in torch.split(tensor, max(1, (elements or ELEMENTS) * tensor.shape[0] // tensor.numel())):
        yield part
        leave(part)


def thinned(matrix: torch.Tensor, step: int, columns: slice) -> torch.Tensor:
    """`matrix[::step, columns]`; a copy, made in parts, where somebody owns the matrix."""
    if not matrix.numel() or _owner(matrix) is None:
        return matrix[::step, columns]
    few = torch.empty_like(matrix[::step, columns], memory_format=torch.contiguous_format)
    start = 0
    for part in torch.split(matrix, max(1, ELEMENTS * matrix.shape[0] // matrix.numel() // step) * step):
        found = part[::step, columns]
        few[start : start + found.shape[0]] = found
        start += found.shape[0]
        leave(part)
    return few


def equal(one: torch.Tensor, other: torch.Tensor) -> bool:
    """`torch.equal`, in parts."""
    if one.shape != other.shape or one.dim() == 0:
        return torch.equal(one, other)
    return all(torch.equal(a, b) for a, b in zip(rows(one), rows(other), strict=True))
