"""How many values fall into each of a few equal bins: for a picture, not for a test."""

from __future__ import annotations

import math

import torch

from embcheck.stats.chunks import chunks

BINS = 48
_CHUNK = 1 << 20


def histogram(tensor: torch.Tensor, low: float, high: float) -> tuple[tuple[float, float], ...]:
    """Bars of (centre, count) over the finite values from `low` to `high`; empty where those are no interval.

    Args:
        tensor: floating point, dense, any shape and device.
        low: the left end of the first bin.
        high: the right end of the last, which it includes.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return ()
    counts = torch.zeros(BINS, dtype=torch.int64)
    for chunk in chunks(tensor.detach(), _CHUNK):
        values = chunk.float() if chunk.dtype.itemsize < 4 else chunk
        inside = values[(values >= low) & (values <= high)]
        bins = ((inside - low) * (BINS / (high - low))).long().clamp_(0, BINS - 1)
        counts += torch.bincount(bins, minlength=BINS).cpu()  # only counts leave the device
    step = (high - low) / BINS
    return tuple((low + (i + 0.5) * step, float(count)) for i, count in enumerate(counts))
