"""mm beside matmul, and one-hot times weight: shapes and dtypes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from embcheck.subjects.promises.promise import Promise, refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RULE = "wrong-product"
_SHAPES: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...] = (
    ((2, 3), (3, 4), (2, 4)),
    ((3,), (3, 4), (4,)),
    ((2, 3), (3,), (2,)),
    ((3,), (3,), ()),
    ((5, 2, 3), (3, 4), (5, 2, 4)),
    ((5, 1, 3), (3, 4), (5, 1, 4)),
    ((5, 2, 3), (5, 3, 4), (5, 2, 4)),
    ((1, 2, 3), (5, 3, 4), (5, 2, 4)),
)


def products(place: Place) -> Iterator[Subject]:
    """matmul takes every rank and broadcasts; mm takes two matrices and nothing else."""
    place = place.about(RULE)
    for left, right, due in _SHAPES:
        yield from place.subject(f"matmul of {left} and {right}", partial(_matmul, place, left, right, due))
        if len(left) != 2 or len(right) != 2:
            yield from place.subject(
                f"mm of {left} and {right}",
                partial(_refused, place, left, right),
            )
    yield from place.subject("mm of (2, 3) and (2, 3)", partial(_mismatch, place))
    yield from place.subject("one_hot(ids) @ weight", partial(_one_hot, place, cast=False))
    yield from place.subject("one_hot(ids).to(weight.dtype) @ weight", partial(_one_hot, place, cast=True))


def _ones(place: Place, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.ones(shape, device=place.device, dtype=place.dtype)


def _matmul(place: Place, left: tuple[int, ...], right: tuple[int, ...], due: tuple[int, ...]) -> Promise:
    given = torch.matmul(_ones(place, left), _ones(place, right))
    inner = float(left[-1])
    wrong = float((given - inner).abs().max()) if tuple(given.shape) == due else inner
    return Promise(RULE, f"documented: the shape is {due}", wrong, 0.0, allowed=4 * place.eps * inner,
                   seen=f"shape {tuple(given.shape)}")  # fmt: skip


def _refused(place: Place, left: tuple[int, ...], right: tuple[int, ...]) -> Promise:
    says = "documented: mm takes matrices and does not broadcast"
    return refuses(RULE, says, lambda: torch.mm(_ones(place, left), _ones(place, right)), fix="torch.matmul")


def _mismatch(place: Place) -> Promise:
    says = "documented: inner sizes must be equal"
    return refuses(RULE, says, lambda: torch.mm(_ones(place, (2, 3)), _ones(place, (2, 3))))


def _one_hot(place: Place, *, cast: bool) -> Promise:
    weight = place.table((3.0, 4.0), (6.0, 8.0), (0.5, -1.0))
    hot = functional.one_hot(place.ids([2, 0]), 3)
    if not cast:
        says = "one_hot is int64, and a product needs one dtype"
        return refuses(RULE, says, lambda: hot @ weight, fix="one_hot(ids, n).to(weight.dtype) @ weight")
    wrong = float((hot.to(weight.dtype) @ weight - weight[[2, 0]]).abs().max())
    says = "a lookup is one-hot times weight: an integer id needs no one-hot encoding"
    return Promise(RULE, says, wrong, 0.0)
