"""What is kept of a tensor so that it can be compared with another build after both are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 19
"""64-bit words that are hashed together."""
_MODULUS = 1 << 64
_STEP = 0x9E3779B97F4A7C15
"""Odd, from the golden ratio (Knuth, The Art of Computer Programming 3, section 6.4): one factor a chunk."""
_SEED = 20260601
_INTEGERS = frozenset({torch.int16, torch.int32, torch.int64})
"""Wide enough for the largest number to be no ordinary value."""


@dataclass(frozen=True)
class Fingerprint:
    """Forty bytes that stand for a tensor."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    bits: int
    """Hash of every bit: the words times fixed odd random numbers, summed modulo 2^64. Two tensors that differ in one
    word never share it; two that differ in any other way do so with a chance below 1e-9."""
    varies: bool
    """Whether a floating-point tensor holds more than one value."""
    poison: int
    """Elements that are what poisoned memory holds: NaN, or the largest integer of the dtype."""


def fingerprint(tensor: torch.Tensor) -> Fingerprint:
    """Read a dense tensor once, in chunks, on its own device."""
    varies, poison, bits = False, 0, 0
    floating = tensor.is_floating_point() or tensor.is_complex()
    first = float(tensor.detach()[(0,) * tensor.dim()]) if tensor.numel() and tensor.is_floating_point() else None
    weights = _weights(min(_CHUNK, tensor.numel() * tensor.element_size() // 8 + 1), tensor.device)
    for piece in _pieces(tensor):
        values = piece.float() if floating and piece.element_size() == 1 else piece  # torch does not add 8-bit floats
        if first is not None and not varies:
            varies = bool((values != first).any())
        if floating and bool(values.sum().isnan()):
            poison += int(values.isnan().sum())
        if not floating and tensor.dtype in _INTEGERS:
            poison += int((piece == torch.iinfo(tensor.dtype).max).sum())
        words = _words(piece)
        bits = (bits * _STEP + int((words * weights[: words.numel()]).sum())) % _MODULUS
    return Fingerprint(tuple(tensor.shape), tensor.dtype, bits, varies, poison)


def _pieces(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """Flat contiguous pieces of a bounded size, in order."""
    tensor = tensor.detach().resolve_conj().resolve_neg()
    size = _CHUNK * 8 // tensor.element_size()
    if tensor.is_contiguous() or tensor.numel() <= size:
        yield from torch.split(tensor.reshape(-1), size) if tensor.numel() else ()
        return
    for row in tensor:  # what is strided is made contiguous row by row, never as a whole
        yield from _pieces(row)


def _words(piece: torch.Tensor) -> torch.Tensor:
    """The bytes as 64-bit integers, zeros after the last."""
    data = piece.view(torch.uint8) if piece.dtype != torch.uint8 else piece
    if data.numel() % 8:
        data = torch.nn.functional.pad(data, (0, -data.numel() % 8))
    if data.storage_offset() % 8 or data.data_ptr() % 8:
        data = data.clone()
    return data.view(torch.int64)


def _weights(count: int, device: torch.device) -> torch.Tensor:
    generator = torch.Generator().manual_seed(_SEED)
    drawn = torch.randint(-(1 << 62), 1 << 62, (count,), generator=generator, dtype=torch.int64, device="cpu")
    return (2 * drawn + 1).to(device)
