"""The order-preserving grid on which the values of a dtype are counted.

The bits of an IEEE number, read as an integer with the sign handled, are in the order of the numbers. The top 16 bits
(all of them in a 16-bit or smaller type) are the *cell* of a value: cells are numbered upwards with the values, so
counts of cells add up over chunks, shards and ranks, and a cumulated count is an empirical distribution function at the
cell's edge. For 16-bit and smaller types a cell is a single value and the counts are the whole distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.errors import Unsupported

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

_WIDE = {"float32": (torch.float32, torch.int32, 16), "float64": (torch.float64, torch.int64, 48)}
_FLOAT16 = ("float16", "bfloat16")
_TWOS_COMPLEMENT = ("int8", "int16")
_UNSIGNED = ("uint8", "bool", "uint16", "float8_e8m0fnu")


@dataclass(frozen=True)
class Grid:
    """How one dtype is counted. Make it with `grid_of`."""

    dtype: torch.dtype
    name: str
    bits: int
    """Bits of a cell's number: 8 or 16."""
    exact: bool
    """A cell is one value (16-bit and smaller types) and not a range of them."""
    order: str
    """How codes are numbered: ``sign`` and magnitude, ``twos`` complement or ``unsigned``."""

    @property
    def size(self) -> int:
        """The number of cells."""
        return 1 << self.bits

    def codes(self, values: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The top bits of each value as a non-negative integer, in the order of the bits and not of the values.

        Args:
            values: shape (n,), contiguous, of this dtype.
            out: scratch of shape (n,), int64 for float64 and int32 for all others; made if missing.

        Returns:
            integers in [0, size), shape (n,), for `torch.bincount`; `ordered` turns its counts into cells.
        """
        if self.bits == 8:
            return values.view(torch.uint8)
        integer = torch.int64 if self.name == "float64" else torch.int32
        out = torch.empty(values.numel(), dtype=integer, device=values.device) if out is None else out
        if self.exact:
            out.copy_(values.view(torch.int16))
        else:
            torch.bitwise_right_shift(values.view(integer), _WIDE[self.name][2], out=out)
        return out.bitwise_and_(0xFFFF)

    def cells(self, values: NDArray[np.floating]) -> NDArray[np.int32]:
        """The cell of each value of a wide type; shape (n,), of this dtype, no NaN."""
        integer, shift = (np.int32, 16) if self.name == "float32" else (np.int64, 48)
        top = (values.view(integer) >> shift).astype(np.int32, copy=False)  # negative for negative values
        return np.where(top < 0, -1 - top, top + self.size // 2)

    def occupied(self, counts: Counts) -> tuple[NDArray[np.int32], Counts]:
        """From counts of all codes the cells that hold anything, lowest value first, and what they hold.

        Args:
            counts: shape (size,), as `torch.bincount` of `codes` gives them.

        Returns:
            ascending cells and their counts, equal shapes.
        """
        codes = np.flatnonzero(counts > 0)
        half = self.size // 2
        split = int(np.searchsorted(codes, half))
        if self.order == "sign":
            codes = np.concatenate([codes[split:][::-1], codes[:split]])
            cells = np.where(codes >= half, self.size - 1 - codes, codes + half)
        elif self.order == "twos":
            codes = np.concatenate([codes[split:], codes[:split]])
            cells = codes ^ half
        else:
            cells = codes
        return cells.astype(np.int32), counts[codes]

    @property
    def tiny(self) -> int:
        """Codes 0 to `tiny` - 1 of each sign are those of a wide type with exponent 0: zero and subnormal numbers."""
        return 128 if self.name == "float32" else 16

    @cached_property
    def lowest(self) -> Floats:
        """The smallest value in each cell, NaN where the cell holds no number; shape (size,), ascending."""
        return self._edges(0)

    @cached_property
    def highest(self) -> Floats:
        """The largest value in each cell."""
        return self.lowest if self.exact else self._edges(1)

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Which cells hold finite values only."""
        return np.isfinite(self.lowest) & np.isfinite(self.highest)

    @cached_property
    def smallest_normal(self) -> float:
        """Values below it in size are subnormal; 0 for integers."""
        return float(torch.finfo(self.dtype).smallest_normal) if self.dtype.is_floating_point else 0.0

    @property
    def values(self) -> Floats:
        """The finite values of a 16-bit or smaller type, ascending, each once."""
        return self._neighbours[np.isfinite(self._neighbours)]

    @cached_property
    def _neighbours(self) -> Floats:
        """Every value of a 16-bit or smaller type once, ascending, between infinities."""
        values = self.lowest[~np.isnan(self.lowest)] + 0.0
        return np.unique(np.concatenate([[-np.inf], values, [np.inf]]))

    def next_above(self, values: Floats) -> Floats:
        """The next larger value of the dtype (+inf above the largest) of values of the dtype, in float64."""
        if self.exact:
            table = self._neighbours
            return np.asarray(table[np.minimum(np.searchsorted(table, values, side="right"), table.size - 1)])
        kind = np.float32 if self.name == "float32" else np.float64
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(np.nextafter(values.astype(kind), kind(np.inf)), dtype=np.float64)

    def next_below(self, values: Floats) -> Floats:
        """The next smaller value of the dtype (-inf below the smallest)."""
        if self.exact:
            table = self._neighbours
            return np.asarray(table[np.maximum(np.searchsorted(table, values) - 1, 0)])
        kind = np.float32 if self.name == "float32" else np.float64
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(np.nextafter(values.astype(kind), kind(-np.inf)), dtype=np.float64)

    def _edges(self, end: int) -> Floats:
        codes = np.arange(self.size, dtype=np.int64)
        if self.exact:
            values = _decoded(codes, self.dtype)
        else:
            low = _WIDE[self.name][2]
            magnitude_up = codes << low | ((1 << low) - 1)
            negative = codes >= self.size // 2
            # in a negative cell the larger magnitude is the smaller value
            bits = np.where(negative == bool(end), codes << low, magnitude_up)
            with np.errstate(invalid="ignore"):
                values = (
                    bits.astype(np.uint32 if low == 16 else np.uint64)
                    .view(np.float32 if low == 16 else np.float64)
                    .astype(np.float64)
                )
        half = self.size // 2
        if self.order == "sign":
            return np.concatenate([values[half:][::-1], values[:half]])
        return np.concatenate([values[half:], values[:half]]) if self.order == "twos" else values


def _decoded(codes: NDArray[np.int64], dtype: torch.dtype) -> Floats:
    """The value of every bit pattern of an 8 or 16-bit type, as float64."""
    if dtype == torch.bool:
        return codes.astype(np.float64)
    raw = codes.astype(np.uint8) if codes.size == 256 else codes.astype(np.uint16).view(np.int16)
    narrow = torch.from_numpy(raw)
    with np.errstate(invalid="ignore"):  # signalling NaNs
        values: Floats = narrow.view(dtype).to(torch.float32).numpy().astype(np.float64)
    return values


@lru_cache(maxsize=32)
def grid_of(dtype: torch.dtype) -> Grid:
    """The grid of a dtype: its own for floats and narrow integers, float64's for wide integers.

    Raises:
        Unsupported: torch cannot read single values of this dtype (packed 4-bit types, raw bits).
    """
    name = str(dtype).removeprefix("torch.")
    if name in _WIDE:
        return Grid(dtype, name, 16, exact=False, order="sign")
    if name in _FLOAT16:
        return Grid(dtype, name, 16, exact=True, order="sign")
    if name in _TWOS_COMPLEMENT:
        return Grid(dtype, name, dtype.itemsize * 8, exact=True, order="twos")
    if name in _UNSIGNED:
        return Grid(dtype, name, dtype.itemsize * 8, exact=True, order="unsigned")
    if name in ("int32", "int64", "uint32", "uint64"):
        return grid_of(torch.float64)
    if dtype.is_floating_point and dtype.itemsize == 1 and not name.startswith("float4"):
        return Grid(dtype, name, 8, exact=True, order="sign")
    raise Unsupported(f"torch cannot read single values of dtype {name}; dequantise or cast the tensor first.")
