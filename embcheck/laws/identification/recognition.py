"""Recognise what is no iid draw: constants, identities, orthogonal and sparse matrices, rows of zeros."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.laws.families import Constant, Dirac, Eye, Orthogonal
from embcheck.laws.identification.proposals import GAINS
from embcheck.stats import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.laws.law import Law
    from embcheck.stats.summary import Summary

_COLUMNS = 4
_PROBES = 2
_CHUNK = 1 << 20
_STRAY = 1e-4
"""Share of draws that a 16-bit type may round to zero; random pruning misses a fixed number a column by far more."""


def constant_of(summary: Summary) -> Law | None:
    """The one value that every element has."""
    if summary.n and summary.finite == summary.n and summary.min == summary.max:
        return Constant(_shortest(summary.min + 0.0, summary.grid.dtype))
    return None


def _shortest(value: float, dtype: torch.dtype) -> float:
    """The shortest decimal that the dtype rounds to this value: 0.3 where float32 holds 0.30000001192092896."""
    for digits in range(1, 10):
        decimal = float(f"{value:.{digits}g}")
        if torch.tensor(decimal, dtype=torch.float64).to(dtype).item() == value:
            return decimal
    return value


def identity_of(tensor: torch.Tensor, summary: Summary) -> Law | None:
    """`eye_` or `dirac_`, if the tensor is exactly that."""
    if not (summary.min == 0 and summary.max == 1 and summary.zero < summary.n):
        return None
    ones = summary.n - summary.zero
    shape = tuple(tensor.shape)
    guesses: list[Law] = []
    if len(shape) == 2 and ones == min(shape):
        guesses = [Eye()]
    elif 3 <= len(shape) <= 5:
        fit = (g for g in range(1, shape[0] + 1) if shape[0] % g == 0 and g * min(shape[0] // g, shape[1]) == ones)
        guesses = [Dirac(g) for g in fit]
    return next((law for law in guesses if torch.equal(tensor, law.values(shape, tensor.dtype, tensor.device))), None)


def orthogonal_of(tensor: torch.Tensor, blocks: int = 1) -> Orthogonal | None:
    """gain times an orthonormal matrix, in so many equal blocks of rows.

    The first four vectors along the longer side are multiplied: for independent entries their products are of the order
    1/sqrt(m) of their squares, for an orthogonal matrix of the order eps/sqrt(m). What passes is confirmed on random
    vectors: |W'(W v) - gain^2 v| must be rounding.
    """
    if tensor.dim() < 2 or not tensor.is_floating_point() or tensor.shape[0] % blocks:
        return None
    found: set[Orthogonal] = set()
    for block in tensor.detach().flatten(1).chunk(blocks):
        rows, cols = block.shape
        if min(rows, cols) < 2:
            return None
        gain = _orthonormal(block)
        if gain is None:
            return None
        found.add(Orthogonal(gain, rows, cols))
    return found.pop() if len(found) == 1 else None


def _orthonormal(block: torch.Tensor) -> float | None:
    """The gain, rounded to what the dtype resolves, or None."""
    tall = block if block.shape[0] >= block.shape[1] else block.T
    m, k = tall.shape
    eps = torch.finfo(tall.dtype).eps
    allowed = 1e-5 + 8 * eps / math.sqrt(m)
    # not a matrix product, for which BLAS would set up its threads and tens of megabytes
    gram = torch.stack([(some[:, :, None] * some[:, None, :]).sum(0) for some in _first_columns(tall, block)]).sum(0)
    square = float(gram.diagonal().mean())
    if not square > 0 or float((gram / square - torch.eye(gram.shape[0], device=gram.device)).abs().max()) > allowed:
        return None
    generator = torch.Generator().manual_seed(0)
    vectors = torch.randn(k, _PROBES, generator=generator).to(tall.device)
    vectors = vectors.to(torch.float64 if tall.dtype == torch.float64 else torch.float32)
    back = torch.zeros_like(vectors)
    for part in _rows(tall):
        wide = part.to(vectors.dtype)
        back += wide.T @ (wide @ vectors)
    square = float((back * vectors).sum() / vectors.square().sum())
    error = float((back / square - vectors).norm() / vectors.norm())
    # each rounded entry errs by up to eps/2 of itself: noise of relative norm eps/sqrt(12) sqrt(k/m) at most, both ways
    if error > 1e-4 + 4 * eps:
        return None
    return _nearest_gain(math.sqrt(square), max(1e-5, eps / math.sqrt(m)))


def _first_columns(tall: torch.Tensor, block: torch.Tensor) -> Iterator[torch.Tensor]:
    """Of the matrix that is `block` or its transpose, in parts of whole rows."""
    if tall is not block:  # they lie side by side
        yield tall[:, :_COLUMNS].double()
        return
    for part in _rows(block):
        yield part[:, :_COLUMNS].double()


def _nearest_gain(gain: float, relative: float) -> float:
    """The simplest number this close to a measured gain."""
    for usual in GAINS:
        if abs(gain / usual - 1) <= relative:
            return usual
    digits = range(1, 2 - math.floor(math.log10(relative)))
    return next((g for d in digits if abs((g := float(f"{gain:.{d}g}")) / gain - 1) <= relative), gain)


def zeros_per_column(tensor: torch.Tensor, zeros: int) -> int | None:
    """The number of zeros that every column of a matrix has, but for a few that a draw rounded to zero."""
    if tensor.dim() != 2 or zeros < tensor.shape[1] or zeros >= tensor.numel():
        return None
    counts = torch.stack([(part == 0).sum(0) for part in _rows(tensor)]).sum(0)
    least = int(counts.min())
    strays = zeros - least * tensor.shape[1]
    return least if least and strays <= 3 + _STRAY * tensor.numel() else None


def sparsity_of(zeros: int, rows: int) -> float:
    """The shortest decimal s with ceil(s * rows) = zeros."""
    for digits in range(1, 17):
        unit = 0.1**digits
        for steps in (math.floor(zeros / rows / unit + 1e-9), math.ceil(zeros / rows / unit) - 1):
            value = round(steps * unit, digits)
            if 0 < value <= 1 and math.ceil(value * rows) == zeros:
                return value
    return zeros / rows


def zero_rows(tensor: torch.Tensor, zeros: int) -> torch.Tensor:
    """Indices of the rows of the first dimension that are exactly zero, shape (k,)."""
    if tensor.dim() < 2 or not tensor.shape[0] or zeros < tensor.numel() // tensor.shape[0]:
        return torch.empty(0, dtype=torch.long)
    alive = torch.cat([(part != 0).flatten(1).any(1) for part in _rows(tensor)])
    return alive.logical_not().nonzero().flatten()


def _rows(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """Parts of whole rows, so that what is made of them stays small."""
    return walk.rows(tensor, _CHUNK)
