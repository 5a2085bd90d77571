"""The few values of a chunk that are wanted, moved together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from embcheck.stats.scratch import Scratch


def within(
    values: torch.Tensor, keys: torch.Tensor, ends: Sequence[tuple[float, float]], scratch: Scratch
) -> torch.Tensor:
    """The values whose keys lie in any of some closed intervals.

    Args:
        values: shape (n,).
        keys: shape (n,), on the same device.
        ends: of the intervals, numbers of the keys' dtype.
        scratch: gives the room.
    """
    if not ends:
        return values[:0]
    if not keys.is_cpu:
        chosen = torch.zeros(keys.shape, dtype=torch.bool, device=keys.device)
        for low, high in ends:
            chosen |= (keys >= low) & (keys <= high)
        return values[chosen]
    # numpy compares and compacts several times faster than torch
    raw = keys.numpy()
    kept, inside, below = (
        scratch.take(name, raw.size, torch.bool, keys.device).numpy() for name in ("kept", "inside", "below")
    )
    for i, (low, high) in enumerate(ends):
        here = inside if i else kept
        # as numbers of the keys' own dtype, so that numpy does not widen the keys
        np.greater_equal(raw, raw.dtype.type(low), out=here)
        np.logical_and(here, np.less_equal(raw, raw.dtype.type(high), out=below), out=here)
        if i:
            np.logical_or(kept, here, out=kept)
    return torch.from_numpy(values.numpy().take(where(kept)))


def where(flags: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where flags are set; shape (k,).

    numpy jumps from one to the next where they are at most one in ten, and from one in fifty on the processor guesses
    most of the jumps wrong, which costs more than walking. With a tail of set flags numpy walks.
    """
    count = np.count_nonzero(flags)
    if not flags.size // 50 < count <= flags.size // 10:
        return np.flatnonzero(flags)
    tail = np.ones(flags.size // 8 + 1, dtype=np.bool_)
    return np.flatnonzero(np.concatenate([flags, tail]))[:count]
