"""Pieces of a tensor that have a law of their own: the gates of an LSTM, the experts of a stack, a slice of a bias."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.laws.families import Constant, Padded

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from embcheck.laws.law import Law

_ORDER = ("e", "out", "in", "k")


@dataclass(frozen=True)
class Part:
    """A piece of a tensor, and its law."""

    label: str
    """Appended to the tensor's name: "" for the whole, ``[block 2]``, ``[h:2h]``, ``[e 0]``."""
    index: tuple[slice | int, ...]
    order: tuple[int, ...]
    law: Law

    def of(self, tensor: torch.Tensor) -> torch.Tensor:
        """The piece as a view, dimensions in torch's order (experts, out, in, kernel)."""
        piece = tensor[self.index] if self.index else tensor
        return piece.permute(self.order) if self.order else piece


@dataclass(frozen=True)
class Piece:
    """A piece before it has a law: where it lies, its shape, and what its dimensions are ("" if not declared)."""

    label: str
    index: tuple[slice | int, ...]
    shape: tuple[int, ...]
    kinds: tuple[str, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """The permutation to torch's order; empty where the piece has it already."""
        order = tuple(sorted(range(len(self.kinds)), key=lambda d: _ORDER.index(self.kinds[d])))
        return () if order == tuple(range(len(self.kinds))) else order


def beside_padding(part: Part, rows: int) -> Iterator[Part]:
    """A table with a padding row, as the row that must be zero and the rows before and after it."""
    assert isinstance(part.law, Padded)  # noqa: S101 - the caller has seen to it
    row = part.law.padding_idx
    yield Part(f"[{row}]", (row,), (), Constant(0.0))
    if row > 0:
        yield Part(f"[:{row}]", (slice(None, row),), (), part.law.base)
    if row < rows - 1:
        yield Part(f"[{row + 1}:]", (slice(row + 1, None),), (), part.law.base)


def sliced(shape: tuple[int, ...], cut: tuple[slice, ...], text: str) -> tuple[int, ...]:
    """The shape that is left.

    Raises:
        UsageError: too many dimensions, or nothing left.
    """
    if len(cut) > len(shape):
        raise UsageError(f"slice {text} has {len(cut)} dimensions, the tensor {len(shape)}.")
    left = tuple(len(range(size)[s]) for size, s in zip(shape, cut, strict=False)) + shape[len(cut) :]
    if 0 in left:
        raise UsageError(f"slice {text} holds no element of a tensor of shape {shape}.")
    return left


def pieces(shape: tuple[int, ...], kinds: tuple[str, ...], blocks: int, one_by_one: bool) -> Iterator[Piece]:
    """Stacked weights one by one if asked for, and in each the fused blocks along its output dimension.

    Raises:
        UsageError: the outputs do not divide into so many blocks.
    """
    stacked = [d for d, kind in enumerate(kinds) if kind == "e" and one_by_one]
    axis = kinds.index("out") if kinds else 0
    if blocks > 1 and (not shape or shape[axis] % blocks):
        raise UsageError(f"{shape[axis] if shape else 0} outputs do not divide into {blocks} blocks.")
    kept = [d for d in range(len(shape)) if d not in stacked]
    for chosen in itertools.product(*(range(shape[d]) for d in stacked)):
        for block in range(blocks):
            index: list[slice | int] = [slice(None)] * len(shape)
            sizes = list(shape)
            for d, i in zip(stacked, chosen, strict=True):
                index[d] = i
            if blocks > 1:
                sizes[axis] //= blocks
                index[axis] = slice(block * sizes[axis], (block + 1) * sizes[axis])
            label = "".join(f"[e {i}]" for i in chosen) + (f"[block {block}]" if blocks > 1 else "")
            whole = all(i == slice(None) for i in index)
            yield Piece(
                label,
                () if whole else tuple(index),
                tuple(sizes[d] for d in kept),
                tuple(kinds[d] for d in kept if kinds),
            )
