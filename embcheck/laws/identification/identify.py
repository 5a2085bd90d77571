"""What a tensor was drawn from.

Every proposal (`proposals`) is ranked by log-likelihood minus cost, the logarithm of its posterior probability up
to a constant; estimated parameters pay Schwarz's term. The best are then tested, and a law *fits* unless its test of
fit (`goodness`) or the independence of the elements (`independence`) is refused at level `ALPHA`: a law that
is true is lost once in 5,000 tensors. What fits, and lies within `WINDOW` nats of the best, is returned, nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from embcheck.errors import Unsupported
from embcheck.laws.families import Normal, Padded, Sparse, TruncatedNormal, Uniform
from embcheck.laws.identification.candidates import Candidate, Identification
from embcheck.laws.identification.finalists import finalists
from embcheck.laws.identification.goodness import fit
from embcheck.laws.identification.independence import independence
from embcheck.laws.identification.menu import menu
from embcheck.laws.identification.recognition import (
    constant_of,
    identity_of,
    orthogonal_of,
    sparsity_of,
    zero_rows,
    zeros_per_column,
)
from embcheck.laws.identification.sample import Sample, sample_of
from embcheck.stats.summary import Summary, summarize, summarize_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from torch import nn

    from embcheck.laws.identification.proposals import Proposal
    from embcheck.laws.law import Law

ALPHA = 1e-4
"""The level at which a candidate is refused: by its fit, and again by the independence of the elements."""
WINDOW = 7.0
"""Nats: what is a thousand times less plausible than the best is no alternative."""
_COPIED = 1 << 22
"""Elements of the rows beside zero ones that are copied, to be tested for independence."""
_SHOWN = 4
_TRIED = 8


def identify(
    source: torch.Tensor | Summary | Callable[[], Iterable[torch.Tensor]],
    *,
    module: nn.Module | None = None,
    name: str | None = None,
    summary: Summary | None = None,
    shape: tuple[int, ...] | None = None,
    peers: Collection[str] = (),
) -> Identification:
    """Rank what a tensor may have been drawn from.

    Args:
        source: the tensor; its summary alone (then nothing that depends on positions is seen: orthogonal and sparse
            matrices, correlation, low rank); or a function that yields the parts of one along its first dimension.
        module: the layer that owns it: its documented default is tried first.
        name: its name in the model: recurrent weights of a checkpoint are known by it.
        summary: of the tensor, if there is one already; it is then not read again for it.
        shape: where `source` is no tensor.
        peers: names of laws that other tensors of the model were found to follow; they are more plausible here, which
            decides where a small tensor leaves a choice.

    Returns:
        candidates that fit, best first; empty, with the reason, where none does.
    """
    try:
        tensor, summary, shape = _looked_at(source, summary, shape)
    except Unsupported as error:
        return Identification(reason=str(error))
    whole = tensor if tensor is not None and tuple(tensor.shape) == shape else None
    trouble = _trouble(summary)
    if trouble:
        return Identification(reason=trouble)
    constant = constant_of(summary)
    if constant is not None:
        return Identification((Candidate(constant),))
    if whole is not None:
        exact = identity_of(whole, summary)
        if exact is not None:
            return Identification((Candidate(exact),))
        orthogonal = _orthogonal(whole, name or "")
        if orthogonal is not None:
            return Identification((orthogonal,))
    if not summary.grid.dtype.is_floating_point:
        return Identification(reason=f"{summary.dtype} values are not drawn by an initializer")
    return _drawn(whole, tensor, summary, _Known(shape, module, name or "", frozenset(peers)))


@dataclass(frozen=True)
class _Known:
    """What is known of a tensor beside its values."""

    shape: tuple[int, ...]
    module: nn.Module | None
    name: str
    peers: frozenset[str]


def _looked_at(
    source: torch.Tensor | Summary | Callable[[], Iterable[torch.Tensor]],
    summary: Summary | None,
    shape: tuple[int, ...] | None,
) -> tuple[torch.Tensor | None, Summary, tuple[int, ...]]:
    if isinstance(source, Summary):
        return None, source, shape or (source.n,)
    if isinstance(source, torch.Tensor):
        summary = summary or summarize(source)  # first: it refuses what has no values
        return _dense(source), summary, shape if shape is not None else _sizes(source)
    summary = summary or summarize_parts(source())
    part = next(iter(source()), None)  # the first rows stand for all where positions matter
    return part, summary, tuple(shape or (summary.n,))


def _dense(tensor: torch.Tensor) -> torch.Tensor | None:
    """The tensor for what depends on positions; None where torch cannot index or multiply it."""
    plain = tensor.layout is torch.strided and not tensor.is_nested
    if not plain or tensor.is_quantized or tensor.is_complex() or tensor.is_meta:
        return None
    if tensor.is_floating_point() and tensor.dtype.itemsize == 1:  # float8 has no arithmetic
        tensor = tensor.to(torch.float16)
    return tensor.detach().resolve_neg()


def _sizes(tensor: torch.Tensor) -> tuple[int, ...]:
    return (tensor.numel(),) if tensor.is_nested else tuple(tensor.shape)


def _trouble(summary: Summary) -> str:
    if summary.n == 0:
        return "it has no elements"
    if summary.finite < summary.n:
        return f"{summary.n - summary.finite} of its {summary.n} values are not finite"
    return ""


def _orthogonal(tensor: torch.Tensor, name: str) -> Candidate | None:
    """As a whole or gate by gate; gates first, since orthogonal gates make the whole orthogonal with another gain."""
    fused = tensor.dim() == 2 and tensor.shape[1] > 0
    for blocks in (4, 3):
        if fused and (tensor.shape[0] == blocks * tensor.shape[1] or "weight_" in name):
            found = orthogonal_of(tensor, blocks)
            if found is not None:
                return Candidate(found, blocks=blocks)
    found = orthogonal_of(tensor)
    return Candidate(found) if found is not None else None


def _drawn(whole: torch.Tensor | None, tensor: torch.Tensor | None, summary: Summary, known: _Known) -> Identification:
    """Take planted zeros out, rank what is left, and put the zeros back into the answer."""
    sample, shape = sample_of(summary), known.shape
    dress: Callable[[Candidate], Candidate | None] = _as_it_is
    if summary.zero and whole is not None and len(shape) >= 2:
        rows, per_column = zero_rows(whole, summary.zero), zeros_per_column(whole, summary.zero)
        across = rows.numel() * (summary.n // shape[0])
        if rows.numel() and (across == summary.zero or per_column is None):
            sample = sample.without_zeros(across)
            dress = partial(_with_zero_rows, rows)
            tensor = _rows_left(whole, rows)
        elif per_column is not None:
            sample = sample.without_zeros(per_column * shape[1])
            dress = partial(_sparse, per_column, shape[0])
            tensor, known = None, _Known((), None, "", known.peers)  # what is left is no matrix; its std is a number
    if sample.n < 2 or not sample.std > 0:
        return Identification(reason="it has too few values to tell")
    found = _ranked(sample, tensor, known)
    return replace(found, candidates=tuple(c for c in map(dress, found.candidates) if c is not None))


def _rows_left(tensor: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Rows without any of these: the longest run, as a view, if that is most of what is left; else so many of them."""
    ends = [-1, *rows.tolist(), tensor.shape[0]]
    start, stop = max(pairwise(ends), key=lambda pair: pair[1] - pair[0])
    left = tensor.shape[0] - rows.numel()
    if 2 * (stop - start - 1) >= left:
        return tensor[start + 1 : stop]
    alive = torch.ones(tensor.shape[0], dtype=torch.bool, device=tensor.device).index_fill_(0, rows, value=False)
    most = max(1, _COPIED * tensor.shape[0] // tensor.numel())
    return tensor[alive.nonzero().flatten()[:most]]


def _as_it_is(candidate: Candidate) -> Candidate:
    return candidate


def _sparse(zeros: int, rows: int, candidate: Candidate) -> Candidate | None:
    if not isinstance(candidate.law, Normal) or candidate.law.mean:
        return None
    return replace(candidate, law=Sparse(sparsity_of(zeros, rows), candidate.law.std, rows), aliases=())


def _with_zero_rows(rows: torch.Tensor, candidate: Candidate) -> Candidate:
    if rows.numel() == 1:
        return replace(candidate, law=Padded(candidate.law, int(rows[0])), aliases=())
    return replace(candidate, zero_rows=int(rows.numel()))


def _ranked(sample: Sample, tensor: torch.Tensor | None, known: _Known) -> Identification:
    found: list[Candidate] = []
    refused: list[str] = []
    for score, proposal, fitted in finalists(sample, menu(known.shape, known.module, known.name), known.peers):
        if len(found) == _SHOWN or len(refused) == _TRIED or (found and score < found[0].score - WINDOW):
            break
        same = next((i for i, c in enumerate(found) if equal(c.law, proposal.law)), None)
        if same is not None:
            found[same] = _known_as(found[same], proposal)
        elif not (fitted and found):
            result = fit(sample, proposal.law, estimated=fitted)
            if result.p_value < ALPHA:
                refused.append(f"the nearest, {proposal.name}, is refused by {result.worst} (p = {result.p_value:.2g})")
            else:
                found.append(
                    Candidate(
                        proposal.law,
                        result.p_value,
                        result.d,
                        score,
                        fitted,
                        layout=proposal.layout,
                        blocks=proposal.blocks,
                        cost=proposal.cost,
                    )
                )
    if found and tensor is not None:
        best = found[0]
        apart = independence(tensor, best.law, sample.mean, sample.std)
        if apart.p_value < ALPHA:
            return Identification(
                reason=f"it is distributed as {best}, but for {apart.worst} (p = {apart.p_value:.2g})"
            )
    ranked = tuple(replace(c, score=c.score - found[0].score) for c in found)
    return Identification(ranked, "" if ranked else next(iter(refused), "it lies outside every law"))


def _known_as(candidate: Candidate, proposal: Proposal) -> Candidate:
    if proposal.name in (str(candidate), *candidate.aliases):
        return candidate
    return replace(candidate, aliases=(*candidate.aliases, proposal.name))


def equal(one: Law, other: Law) -> bool:
    """Whether two laws are one distribution, up to the rounding of their parameters."""
    if type(one) is not type(other) or not isinstance(one, Normal | Uniform | TruncatedNormal):
        return one == other
    pairs = zip(_numbers(one), _numbers(other), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-300) for a, b in pairs)


def _numbers(law: Law) -> tuple[float, ...]:
    return tuple(getattr(law, f.name) for f in fields(law) if f.name != "spelling")  # type: ignore[arg-type]
