"""How many different values there are, in bounded memory: the k smallest hashes.

Each value is hashed by a bijection of its bits. The k smallest hashes of a union are those of the union of the k
smallest, so that sketches of chunks, shards and ranks add up exactly and in any order. With fewer than k different
values the sketch holds them all and the count is exact. With more, the k-th smallest hash, as a fraction u of the
range, gives the estimate (k - 1) / u, unbiased with relative standard deviation 1 / sqrt(k - 2) (Z. Bar-Yossef et al.,
"Counting distinct elements in a data stream", RANDOM 2002, LNCS 2483; K. Beyer et al., "On synopses for distinct-value
estimation under multiset operations", SIGMOD 2007, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.scratch import Scratch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.signedinteger]

KEPT = 1 << 14
"""k: exact up to 16383 different values, relative standard deviation 0.8% beyond."""

# an odd multiplier, a folded shift, another multiplier: neighbours and multiples of powers of two (coarse grids) spread
_MULTIPLIERS = {torch.int32: (0x2C1B3C6D, 0x297A2D39), torch.int64: (0x2545F4914F6CDD1D, 0x369DEA0F31A53F85)}
_SHIFTS = {torch.int32: 15, torch.int64: 32}


@dataclass(frozen=True, eq=False)
class Sketch:
    """The k smallest hashes of the values seen other than zero, ascending: `KEPT`, and one more if there are more."""

    hashes: Hashes
    """int32 for float32, int64 for float64."""

    def __add__(self, other: Sketch) -> Sketch:
        return Sketch(_different(np.concatenate([self.hashes, other.hashes]))[: KEPT + 1])

    @property
    def full(self) -> bool:
        """There are more values than are kept, and the count is an estimate."""
        return self.hashes.size > KEPT

    @property
    def estimate(self) -> int:
        """The number of different values: exact unless `full`."""
        if not self.full:
            return int(self.hashes.size)
        bits = self.hashes.dtype.itemsize * 8
        fraction = (float(self.hashes[KEPT - 1]) + 2.0 ** (bits - 1) + 1.0) / 2.0**bits
        return round((KEPT - 1) / fraction)


def hashed(values: torch.Tensor, scratch: Scratch | None = None) -> torch.Tensor:
    """A bijection of the bits of float32 or float64 values; int32 or int64, of the same shape (n,), 0 for 0.

    Args:
        values: contiguous.
        scratch: gives the room; the result is then valid until the next call with it.
    """
    scratch = scratch or Scratch()
    bits = values.view(torch.int32 if values.dtype == torch.float32 else torch.int64)
    first, second = _MULTIPLIERS[bits.dtype]
    h, high = (scratch.take(name, bits.numel(), bits.dtype, bits.device) for name in ("hashes", "high"))
    torch.mul(bits, first, out=h)
    return h.bitwise_xor_(torch.bitwise_right_shift(h, _SHIFTS[bits.dtype], out=high)).mul_(second)


def _different(hashes: Hashes) -> Hashes:
    """Each once, ascending. By sorting: several times faster than the hash table of `np.unique`."""
    hashes = np.sort(hashes)
    return hashes[np.flatnonzero(np.diff(hashes, prepend=hashes[:1] - 1) != 0)]


def sketch_of(values: torch.Tensor) -> Sketch:
    """The sketch of different values in host memory, none of them zero; shape (n,)."""
    hashes = hashed(values).numpy()
    if hashes.size > KEPT + 1:
        hashes = np.partition(hashes, KEPT)[: KEPT + 1]
    return Sketch(np.sort(hashes))


class Distinct:
    """Gathers the sketch of a stream of chunks."""

    def __init__(self, dtype: torch.dtype) -> None:
        zeros = hashed(torch.tensor([0.0, -0.0], dtype=dtype, device="cpu")).numpy()
        self._zeros: Hashes = zeros
        self._kept: Hashes = np.empty(0, dtype=zeros.dtype)
        self._waiting: list[Hashes] = []
        self._held = 0
        self._limit: int | None = None
        """Hashes above it are not among the smallest."""

    def add(self, values: torch.Tensor, scratch: Scratch) -> None:
        """See one chunk: finite values, shape (n,)."""
        h = hashed(values, scratch)
        if self._limit is None:
            self._guess(h)
        else:
            self._wait(h, self._limit)

    def _guess(self, h: torch.Tensor) -> None:
        """Sort only about twice as many hashes as are kept, if that turns out to be enough."""
        bits = torch.iinfo(h.dtype).bits
        if h.numel() >= 4 * KEPT:
            self._wait(h, int(2**bits * (2 * KEPT / h.numel())) - 2 ** (bits - 1))
            self._compact()
            if self._limit is not None:
                return
        self._wait(h, None)

    def _wait(self, h: torch.Tensor, limit: int | None) -> None:
        if not h.is_cpu:
            chosen = torch.unique(h if limit is None else h[h <= limit])[: KEPT + 1].cpu().numpy()
        else:
            chosen = h.numpy()  # numpy compares and compacts several times faster than torch
            chosen = chosen.copy() if limit is None else chosen.take(np.flatnonzero(chosen <= chosen.dtype.type(limit)))
        if chosen.size:
            self._waiting.append(chosen)
            self._held += chosen.size
            if self._held > KEPT:
                self._compact()

    def _compact(self) -> None:
        if not self._waiting:
            return
        found = _different(np.concatenate([self._kept, *self._waiting]))
        self._kept = found[(found != self._zeros[0]) & (found != self._zeros[1])][: KEPT + 1]
        self._waiting, self._held = [], 0
        if self._kept.size > KEPT:
            self._limit = int(self._kept[-1])

    def sketch(self) -> Sketch:
        """What was seen so far."""
        self._compact()
        return Sketch(self._kept)
