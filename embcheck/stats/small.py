"""Tensors so small that sorting them is the fastest way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.chunks import chunks, ready, real
from embcheck.stats.passes import grid_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source

SORTED = 1 << 17
"""Up to this many values in host memory are simply sorted."""


def sorted_values(source: Source, dtype: torch.dtype) -> NDArray[np.floating] | None:
    """All values ascending, NaN left out; None if they are not one small tensor in host memory.

    Args:
        source: what to look at.
        dtype: float32 or float64.
    """
    if not isinstance(source, torch.Tensor) or not source.is_cpu or source.numel() > SORTED:
        return None
    with torch.no_grad():
        found = [ready(c, grid_for(t)).to(dtype).numpy() for t in real(source) for c in chunks(t, SORTED)]
    if not found:
        return np.empty(0)
    values: NDArray[np.floating] = np.sort(found[0] if len(found) == 1 else np.concatenate(found))
    # NaN are sorted to the end
    return values[: np.searchsorted(values, np.nan)] if values.size and np.isnan(values[-1]) else values
