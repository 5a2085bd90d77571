"""The Kolmogorov-Smirnov distance of a tensor from a law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from scipy import special

from embcheck.stats.chunks import Source, chunks, parts, ready, real
from embcheck.stats.distance import KS
from embcheck.stats.grid import grid_of
from embcheck.stats.two_sample import two_sample as two_sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.summary import Summary

    Floats = NDArray[np.float64]


class Distribution(Protocol):
    """What is asked of a law."""

    def cdf(self, x: Floats) -> Floats:
        """P(X <= x)."""
        ...

    def cdf_left(self, x: Floats) -> Floats:
        """P(X < x)."""
        ...


def kolmogorov(source: Source, law: Distribution, summary: Summary | None = None) -> KS:
    """D = sup |F_n - F| of the values of a tensor, which may be too large to sort."""
    pieces, dtype = [], torch.float64
    for part in parts(source):
        for tensor in real(part):
            dtype = torch.float32 if tensor.is_quantized else tensor.dtype
            pieces += [ready(c, grid_of(dtype)).double().cpu().numpy() for c in chunks(tensor, 1 << 20)]
    x = np.sort(np.concatenate(pieces)) if pieces else np.empty(0)
    x = x[~np.isnan(x)]
    n = x.size
    if n == 0:
        return KS(0.0, 0, np.nan, 0, 1.0)
    values, counts = np.unique(x, return_counts=True)
    upto = np.cumsum(counts)
    grid = grid_of(dtype)
    if grid.exact and dtype.is_floating_point:
        table = grid.lowest
        table = np.unique(table[~np.isnan(table)])
        upper = np.append(table, np.inf)[np.searchsorted(table, values) + 1]
        above = upto / n - law.cdf_left(upper)
        below = law.cdf(np.concatenate([[-np.inf], table])[np.searchsorted(table, values)]) - (upto - counts) / n
    else:
        above = upto / n - law.cdf(values)
        below = law.cdf_left(values) - (upto - counts) / n
    i, j = int(np.argmax(above)), int(np.argmax(below))
    d, where, sign = (above[i], values[i], 1) if above[i] > below[j] else (below[j], values[j], -1)
    d = max(float(d), 0.0)
    return KS(d, n, float(where), sign, float(special.kolmogorov(np.sqrt(n) * d)))
