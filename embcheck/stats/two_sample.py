"""The Kolmogorov-Smirnov distance between two tensors."""

from __future__ import annotations

import numpy as np
import torch
from scipy import special

from embcheck.stats.chunks import Source, chunks, parts, ready, real
from embcheck.stats.distance import KS
from embcheck.stats.grid import grid_of


def two_sample(a: Source, b: Source) -> KS:
    """sup |F_a - F_b|."""
    x, y = _values(a), _values(b)
    if not x.size or not y.size:
        return KS(0.0, min(x.size, y.size), np.nan, 0, 1.0)
    both = np.unique(np.concatenate([x, y]))
    gap = np.searchsorted(x, both, side="right") / x.size - np.searchsorted(y, both, side="right") / y.size
    i = int(np.argmax(np.abs(gap)))
    d = float(abs(gap[i]))
    effective = x.size * y.size / (x.size + y.size)
    return KS(d, min(x.size, y.size), float(both[i]), int(np.sign(gap[i])), float(special.kolmogorov(np.sqrt(effective) * d)))


def _values(source: Source) -> np.ndarray:
    pieces = []
    for part in parts(source):
        for tensor in real(part):
            grid = grid_of(torch.float32 if tensor.is_quantized else tensor.dtype)
            pieces += [ready(c, grid).double().cpu().numpy() for c in chunks(tensor, 1 << 20)]
    x = np.sort(np.concatenate(pieces)) if pieces else np.empty(0)
    return x[~np.isnan(x)]
