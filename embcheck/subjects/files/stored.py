"""A tensor in a file: its name and shape are known, its bytes are read when asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embcheck.stats import walk
from embcheck.subjects.files import pages

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

_LARGE = 16 << 20
"""Bytes; what is smaller may stay resident while it is looked at."""


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

    def opened(self) -> torch.Tensor:
        """What `read` gives; of a large one that is mapped, every walk drops the pages behind it."""
        assert self.read is not None  # noqa: S101 - not to be asked for where it is None
        tensor = self.read()
        if self.mapped and tensor.is_contiguous() and tensor.numel() * tensor.element_size() > _LARGE:
            walk.own(tensor, self)
        return tensor

    def left(self, part: torch.Tensor) -> None:
        """A walk is past this part."""
        pages.drop(part)

    def release(self, tensor: torch.Tensor) -> None:
        """Hand back the memory under the tensor or a contiguous part of it."""
        if self.mapped and tensor.is_contiguous():
            pages.drop(tensor)
