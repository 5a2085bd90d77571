"""Slices that equal one another, and stretches of a tensor that come again further on.

Two slices of independent draws coincide with probability c^m, m their size and c the chance that two draws give the
same number of the dtype. The expected number of coinciding pairs bounds the chance of seeing any (Markov's
inequality), and is the p-value: next to 0 for any slice of a few float32 numbers, and honestly large where it must be
(single bfloat16).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats import walk
from embcheck.stats.saddlepoint import summands
from embcheck.stats.spacing import spacings

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.stats.distribution import Distribution

_PROBES = 8
"""Elements of each slice that make its fingerprint."""
_CHUNK = 1 << 21
_FEW = 1 << 18
"""Elements of a tensor that is no longer looked at in parts."""


@dataclass(frozen=True)
class Repetition:
    """What comes again."""

    count: int
    """Slices that equal an earlier one, or elements that equal the one `lag` places before."""
    first: int
    """Index of the slice or element that is repeated..."""
    second: int
    """...and of its first repetition."""
    p_value: float


@lru_cache(maxsize=256)
def coincidence(law: Distribution, dtype: str) -> float:
    """An upper estimate of the chance that two draws of a continuous law are the same number of `dtype`.

    Sum over the grid of p_i^2 = E[f(X) spacing(X)], doubled because a generator may resolve less than the dtype does
    near zero (24-bit uniforms).
    """
    _, mass = summands(law, 1)
    mean, std = law.mean, law.std
    low, high = (min(max((end - mean) / std, -12.0), 12.0) for end in law.support)
    edges = np.linspace(low, high, mass.size + 1)
    middle = mean + std * (edges[:-1] + edges[1:]) / 2
    chance = np.minimum(1.0, mass * spacings(middle, dtype) / (std * (edges[1] - edges[0])))
    return min(1.0, 2 * float(mass @ chance))


def repeated_slices(
    tensor: torch.Tensor, dim: int, c: float | Callable[[], float], constant: bool = True
) -> Repetition:
    """Find slices along one dimension that are equal, bit by bit.

    A fingerprint of eight elements of each slice is sorted; only slices with the same fingerprint are compared in full.

    Args:
        tensor: dense, at least one dimension.
        dim: the dimension whose index names a slice.
        c: chance that two elements coincide (`coincidence`); a function is asked for it only where slices are equal.
        constant: whether slices that hold a single value count as well.

    Returns:
        count 0 and p 1 where all slices differ.
    """
    slices = bits(tensor).movedim(dim, 0)
    number = slices.shape[0]
    size = slices.numel() // max(number, 1)
    if number < 2 or size == 0:
        return Repetition(0, 0, 0, 1.0)
    prints, order = torch.sort(_fingerprints(slices, size), stable=True)
    same = torch.nonzero(prints[1:] == prints[:-1]).flatten()
    count, first, second = 0, -1, -1
    together = max(1, _CHUNK // size)
    for part in torch.split(same, together) if same.numel() else ():
        one, other = order[part], order[part + 1]
        here = slices[one].reshape(one.numel(), -1)
        equal = (here == slices[other].reshape(one.numel(), -1)).all(1)
        if not constant:
            plain = here.masked_fill(here == torch.iinfo(here.dtype).min, 0)  # -0.0 is zero
            equal &= (plain != plain[:, :1]).any(1)
        hits = int(equal.sum())
        if hits and not count:
            first, second = int(one[equal][0]), int(other[equal][0])
        count += hits
    if not count:
        return Repetition(0, 0, 0, 1.0)
    log_pairs = math.log(number) + math.log(number - 1) - math.log(2)
    log_chance = math.log(max(c() if callable(c) else c, 1e-300))
    return Repetition(count, first, second, math.exp(min(0.0, log_pairs + size * log_chance)))


def _fingerprints(slices: torch.Tensor, size: int) -> torch.Tensor:
    """One int64 a slice, equal for equal slices: eight elements spread over it, mixed by odd multipliers."""
    where = sorted({(i * size) // _PROBES + (i * 7919) % max(1, size // _PROBES) for i in range(_PROBES)})
    places = np.unravel_index([w for w in where if w < size], slices.shape[1:]) if slices.dim() > 1 else ()
    if slices.numel() < _FEW:  # one gathering of all probes is the fewest calls
        index: list[torch.Tensor | slice] = [torch.as_tensor(i, device=slices.device) for i in places]
        probed = (slice(None), *index)
        probes = slices[probed] if index else slices.reshape(-1, 1)
        return (probes.to(torch.int64) * _multipliers(slices.device)[: probes.shape[1]]).sum(1)
    prints = torch.zeros(slices.shape[0], dtype=torch.int64, device=slices.device)
    start = 0
    # slices that lie one after the other are walked over; else it is the probes that lie side by side
    for part in walk.rows(slices) if slices.is_contiguous() else (slices,):
        mixed = prints[start : start + part.shape[0]]
        start += part.shape[0]
        for place, factor in zip(
            zip(*places, strict=True) if places else [()], _multipliers(slices.device), strict=False
        ):
            probe = part
            for i in place:
                probe = probe.select(1, int(i))
            mixed.add_(probe.to(torch.int64) * factor)
            walk.leave(probe)
    return prints


@lru_cache(maxsize=8)
def _multipliers(device: torch.device) -> torch.Tensor:
    """Odd numbers, so that no bit of a probe is lost."""
    return torch.tensor([(0x9E3779B97F4A7C15 * (2 * i + 1)) & (2**63 - 1) | 1 for i in range(_PROBES)], device=device)


def repeated_stretch(flat: torch.Tensor, c: float) -> Repetition:
    """Find a stretch that comes again further on: a generator that starts over, a block copied.

    Two windows of a few elements, at the start and in the middle, are looked for everywhere else. A tensor that starts
    over, with any period, is always found; a stretch copied once is found if it covers one of the windows.

    Args:
        flat: shape (n,).
        c: chance that two elements coincide.

    Returns:
        the window's position, that of its repetition, and how many elements equal the one that far before them.
    """
    values = bits(flat)
    n = values.numel()
    width = 4 if c < 1e-5 else 16
    if n < 8 * width:
        return Repetition(0, 0, 0, 1.0)
    log_chance = math.log(2 * n) + width * math.log(max(c, 1e-300))
    for at in (0, n // 2):
        found = _occurrences(values, at, width)
        if not found.numel():
            continue
        other = int(found[(found - at).abs().argmin()])
        lag = abs(other - at)
        count = int((values[lag:] == values[:-lag]).sum())
        return Repetition(count, min(at, other), max(at, other), math.exp(min(0.0, log_chance)))
    return Repetition(0, 0, 0, 1.0)


def _occurrences(values: torch.Tensor, at: int, width: int) -> torch.Tensor:
    """Where else the window at `at` stands: candidates by its first element, thinned by the others."""
    window = values[at : at + width].tolist()
    last = values.numel() - width + 1
    found = []
    for start in range(0, last, _CHUNK):
        where = torch.nonzero(values[start : min(start + _CHUNK, last)] == window[0])[:, 0]
        if where.numel() == int(start <= at < start + _CHUNK):
            continue  # only the window itself
        where += start
        where = where[where != at]
        for offset in range(1, width):
            where = where[values[where + offset] == window[offset]]
        found.append(where)
    return torch.cat(found) if found else torch.empty(0, dtype=torch.int64)


def bits(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor's bits as integers of the same shape, so that NaN equals NaN and nothing is rounded."""
    kinds = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
    return tensor.detach().view(kinds[tensor.dtype.itemsize])


def coincidence_within(matrix: torch.Tensor) -> float:
    """The share of equal pairs of elements within rows, from above, where no law says it: 0 if none is seen.

    Pairs within a row, and not of the whole matrix, so that equal rows do not vouch for one another.

    Args:
        matrix: shape (rows, columns); at most 64 rows and 64 columns, evenly spaced, are looked at.
    """
    rows, columns = matrix.shape
    part = walk.thinned(matrix, math.ceil(rows / 64) or 1, slice(None, None, math.ceil(columns / 64) or 1))
    values = bits(part).sort(1).values
    count = 0
    for distance in range(1, values.shape[1]):
        equal = int((values[:, distance:] == values[:, :-distance]).sum())
        if not equal:
            break
        count += equal
    pairs = values.shape[0] * values.shape[1] * (values.shape[1] - 1) / 2
    return min(1.0, (count + 3 * math.sqrt(count)) / pairs) if pairs else 0.0
