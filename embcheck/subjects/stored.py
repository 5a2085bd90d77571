"""A tensor in a file: its name and shape are known, its bytes are read when asked for."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from embcheck.subjects import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LARGE = 8 << 20
"""Bytes; smaller tensors may stay resident while they are looked at."""


@dataclass(frozen=True)
class Stored:
    """A tensor of a checkpoint."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    """As torch spells it (``float32``); what a file has and torch has not keeps the file's word."""
    read: Callable[[], torch.Tensor] | None
    """Gives the tensor; None where it cannot be read."""
    mapped: bool = False
    """The bytes stay in the file's mapping: pages can be dropped after use."""
    reason: str = ""
    """Why it cannot be read."""

    @property
    def numel(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    def parts(self, tensor: torch.Tensor, elements: int = 1 << 22) -> Iterator[torch.Tensor]:
        """Whole rows of the tensor, about `elements` at a time, dropped from memory after use."""
        if not tensor.dim() or not tensor.numel():
            yield tensor
            return
        row = tensor.numel() // tensor.shape[0]
        step = max(1, elements // max(row, 1))
        for part in torch.split(tensor, step):
            yield part
            self.release(part)

    @contextlib.contextmanager
    def kept_low(self, tensor: torch.Tensor) -> Iterator[None]:
        """Bound what a walk over the tensor keeps in memory; nothing to do for small ones and for unmapped files."""
        if self.mapped and tensor.is_contiguous() and tensor.numel() * tensor.element_size() > _LARGE:
            with pages.kept_low(tensor):
                yield
        else:
            yield

    def release(self, tensor: torch.Tensor) -> None:
        """Hand back the memory under a part of the tensor."""
        if self.mapped and tensor.is_contiguous():
            pages.drop(tensor)
