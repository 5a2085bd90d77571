"""How many different values there are, in bounded memory: the k smallest hashes.

Each value is hashed by a bijection of its bits; the k smallest hashes of a union are those of the union of the k smallest, so
that sketches of chunks, shards and ranks add up exactly and in any order. With fewer than k different values the
sketch holds them all and the count is exact. With more, the k-th smallest hash, as a fraction u of the range, gives the
unbiased estimate (k - 1) / u, whose relative standard deviation is 1 / sqrt(k - 2) (Z. Bar-Yossef et al., "Counting
distinct elements in a data stream", RANDOM 2002, LNCS 2483; K. Beyer et al., "On synopses for distinct-value estimation
under multiset operations", SIGMOD 2007, eq. 2 and 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEPT = 1 << 14
"""k: exact up to 16384 different values, relative standard deviation 0.8% beyond."""

_MULTIPLIERS = {torch.int32: (0x2C1B3C6D, 0x297A2D39), torch.int64: (0x2545F4914F6CDD1D, 0x369DEA0F31A53F85)}
_SHIFTS = {torch.int32: 15, torch.int64: 32}


@dataclass(frozen=True, eq=False)
class Sketch:
    """The k smallest hashes of the values seen, ascending; at most `KEPT` of them."""

    hashes: NDArray[np.int64]
    bits: int
    """Bits of a hash: 32 or 64, signed."""

    def __add__(self, other: Sketch) -> Sketch:
        return Sketch(np.union1d(self.hashes, other.hashes)[:KEPT], self.bits)

    @property
    def full(self) -> bool:
        """There may be more values than are kept, and the count is an estimate."""
        return self.hashes.size >= KEPT

    @property
    def estimate(self) -> int:
        """The number of different values: exact unless `full`."""
        if not self.full:
            return int(self.hashes.size)
        fraction = (float(self.hashes[-1]) + 2.0 ** (self.bits - 1) + 1.0) / 2.0**self.bits
        return round((self.hashes.size - 1) / fraction)


def hashed(values: torch.Tensor) -> torch.Tensor:
    """A bijection of the bits of float32 or float64 values, as int32 or int64 of the same shape.

    Two rounds of multiplication by an odd constant with a folded shift between them spread neighbouring values and
    multiples of powers of two (coarse grids) evenly.
    """
    bits = values.view(torch.int32 if values.dtype == torch.float32 else torch.int64)
    first, second = _MULTIPLIERS[bits.dtype]
    h = bits * first
    h ^= h >> _SHIFTS[bits.dtype]
    h *= second
    return h


class Distinct:
    """Gathers the sketch of a stream of chunks."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._kept = np.empty(0, dtype=np.int64)
        self._waiting: list[NDArray[np.int64]] = []
        self._limit: int | None = None

    def add(self, values: torch.Tensor) -> None:
        """See one chunk: finite and not zero, shape (n,)."""
        h = hashed(values)
        if self._limit is not None:
            h = h[h <= self._limit]
        if not h.is_cpu:
            h = torch.unique(h)[:KEPT]
        self._waiting.append(h.cpu().numpy().astype(np.int64))
        if sum(w.size for w in self._waiting) > KEPT:
            self._compact()

    def _compact(self) -> None:
        self._kept = np.unique(np.concatenate([self._kept, *self._waiting]))[:KEPT]
        self._waiting = []
        if self._kept.size >= KEPT:
            self._limit = int(self._kept[-1])

    def sketch(self) -> Sketch:
        """What was seen so far."""
        self._compact()
        return Sketch(self._kept, self._bits)
