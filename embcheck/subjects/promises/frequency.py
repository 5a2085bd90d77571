"""scale_grad_by_freq: what the gradient is divided by."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.subjects.promises.promise import Promise, refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RULE = "wrong-frequency-scale"
_SAYS = "documented: the gradient is scaled by the inverse of the frequency of the words in the mini-batch"
_BAGS = [[1, 1], [2, 1]]
"""Id 1 three times, id 2 once: unscaled sums of 3 and 1, scaled ones of 1 and 1."""


def frequency(place: Place) -> Iterator[Subject]:
    """Gradients of a loss that sums everything: each id's row gets (its number) / (its number) = 1."""
    place = place.about(RULE)
    yield from place.subject("Embedding(scale_grad_by_freq=True): ids 1, 1, 2, 1", partial(_embedding, place))
    yield from place.subject("Embedding(scale_grad_by_freq=True): two mini-batches", partial(_two_batches, place))
    for mode, each in (("sum", 1.0), ("mean", 0.5)):  # a bag of two passes on half of its gradient to each
        name = f'EmbeddingBag(mode="{mode}", scale_grad_by_freq=True): bags [1, 1] and [2, 1]'
        yield from place.subject(name, partial(_bag, place, mode, each))
    says = "documented: not supported with mode max"
    yield from place.subject(
        'EmbeddingBag(mode="max", scale_grad_by_freq=True)',
        lambda: refuses(RULE, says, lambda: _gradient(place, nn.EmbeddingBag, _BAGS, mode="max")),
    )
    yield from place.subject("Embedding(scale_grad_by_freq=True, sparse=True): backward", partial(_sparse, place))


def _gradient(place: Place, cls: Any, ids: Any, **options: Any) -> torch.Tensor:
    layer = cls(4, 2, scale_grad_by_freq=True, device=place.device, dtype=place.dtype, **options)
    layer(place.ids(ids)).sum().backward()
    grad: torch.Tensor = layer.weight.grad
    return grad.to_dense() if grad.is_sparse else grad


def _worst(gradient: torch.Tensor, expected: tuple[float, ...]) -> tuple[float, float]:
    """The element of the first column that is farthest from what it should be, and what it should be."""
    found = gradient[:, 0].cpu().double().tolist()
    return max(zip(found, expected, strict=True), key=lambda pair: abs(pair[0] - pair[1]))


def _embedding(place: Place) -> Promise:
    worst, due = _worst(_gradient(place, nn.Embedding, [1, 1, 2, 1]), (0.0, 1.0, 1.0, 0.0))
    return Promise(RULE, _SAYS, worst, due, allowed=4 * place.eps)


def _two_batches(place: Place) -> Promise:
    layer = nn.Embedding(4, 2, scale_grad_by_freq=True, device=place.device, dtype=place.dtype)
    for ids in ([1, 1], [1]):
        layer(place.ids(ids)).sum().backward()
    assert layer.weight.grad is not None  # noqa: S101 - backward has just run
    # 2/2 of the first mini-batch and 1/1 of the second; counted over both it would be 3/3
    says = "documented: the frequency is that in the mini-batch, not in all that was seen"
    return Promise(RULE, says, float(layer.weight.grad[1, 0]), 2.0, allowed=4 * place.eps)


def _bag(place: Place, mode: str, each: float) -> Promise:
    worst, due = _worst(_gradient(place, nn.EmbeddingBag, _BAGS, mode=mode), (0.0, each, each, 0.0))
    known = "up to torch 2.13 the CPU divides by the count of another id, a more frequent one (pytorch issue 190063)"
    fix = "divide by torch.bincount(ids) in a hook, or use nn.Embedding(scale_grad_by_freq=True) and sum over the bag"
    seen = f"an element is {worst:.4g} where {due:g} is due"
    return Promise(RULE, _SAYS, worst, due, allowed=4 * place.eps, seen=seen, known=known, fix=fix)


def _sparse(place: Place) -> Promise:
    says = "not documented: sparse gradients cannot be scaled, and backward says so"
    return refuses(RULE, says, lambda: _gradient(place, nn.Embedding, [1, 1], sparse=True))
