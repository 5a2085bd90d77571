"""Slices of one draw equal each other.

## What it checks
Within a tensor that should be independent draws: slices along every dimension (five and more included) that are equal
bit for bit, and stretches of memory that come again further on. Equal rows of a matrix are `duplicate-rows`.

## Why it matters
Equal slices get equal gradients and stay equal: they are one unit that costs as much as many. The distribution of
values is perfect, so that no test of mean, std or shape sees it. The usual reasons are a generator that starts over
in every thread or block, `expand` or `repeat` where a draw was meant, and a kernel that indexes past 2^31 elements.

## How it decides
Slices with equal fingerprints are compared in full; two windows of the memory are looked for everywhere else.
p-value: the expected number of coinciding pairs, (pairs) c^m with m elements a slice and c the chance that two draws
of this law are the same number of this dtype (Markov's inequality), times the number of dimensions looked at,
corrected over the run (Holm). One repeated slice of four or more float32 numbers is caught at any n; slices of one or
two bfloat16 numbers are rightly never called repeated.

## How to fix
Draw each slice: `torch.randn(k, *shape)` and not `torch.randn(*shape).expand(k, *shape)`.

## Example
A (6, 5, 4, 16, 16) tensor in which slice [:, :, :, 1] equals slice [:, :, :, 0].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.sample import dense_draws, initializer_call
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence
from embcheck.stats.chunks import flat
from embcheck.stats.repetition import coincidence, repeated_slices, repeated_stretch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look for repetition in the draws in `subject.value`, any shape."""
    drawn = dense_draws(subject, least=16)
    if drawn is None:
        return
    tensor, sample = drawn
    c = coincidence(sample.law, sample.dtype)
    dims = [d for d in range(tensor.dim() == 2, tensor.dim()) if tensor.shape[d] > 1] if tensor.dim() > 1 else []
    found: list[tuple[float, int, str]] = []
    for dim in dims:
        repetition = repeated_slices(tensor, dim, c)
        if repetition.count:
            one, other = (_slice(tensor.dim(), dim, i) for i in (repetition.first, repetition.second))
            said = f"{repetition.count} of {tensor.shape[dim]} slices along dimension {dim} repeat another"
            found.append((repetition.p_value, repetition.count, f"slice {other} equals slice {one}, and {said}"))
    memory = flat(tensor)
    if memory is not None:
        repetition = repeated_stretch(memory, c)
        if repetition.count:
            lag = repetition.second - repetition.first
            said = (
                f"the values at {repetition.first:,} in memory come again {lag:,} places on, and "
                f"{repetition.count:,} of {memory.numel():,} values equal the one {lag:,} places before"
            )
            found.append((repetition.p_value, repetition.count, said))
    p_value, count, message = min(found, default=(1.0, 0, f"no two slices along {len(dims)} dimensions are equal"))
    yield Evidence(
        message,
        measured=float(count),
        expected=0.0,
        p_value=min(1.0, (len(dims) + 1) * p_value),
        n=sample.n,
        detectable=1.0,
        fix=initializer_call(sample.law, expression(subject)) if found else "",
    )


def _slice(ndim: int, dim: int, index: int) -> str:
    return f"[{', '.join(str(index) if d == dim else ':' for d in range(ndim))}]"
