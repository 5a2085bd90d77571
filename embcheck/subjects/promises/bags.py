"""EmbeddingBag: what the three modes give, with padding, empty bags and weights."""

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

RULE = "wrong-bag"
_ROWS = ((3.0, 4.0), (6.0, 8.0), (0.5, -1.0), (1.0, 0.25))
_MODES = ("sum", "mean", "max")


def bags(place: Place) -> Iterator[Subject]:
    """Each mode beside the same reduction over rows of nn.Embedding, done in float64 on the host."""
    place = place.about(RULE)
    for mode in _MODES:
        stem = f'EmbeddingBag(mode="{mode}"): '
        says = f"documented: equivalent to nn.Embedding followed by torch.{mode}(dim=1)"
        yield from place.subject(stem + "two bags of two", partial(_reduced, place, mode, [[0, 1], [2, 3]], None, says))
        says = "documented: the vector at padding_idx is excluded from the reduction"
        yield from place.subject(
            stem + "a bag with padding, and one of padding alone",
            partial(_reduced, place, mode, [[0, 1], [1, 1]], 1, says),
        )
        yield from place.subject(stem + "an empty bag", partial(_empty, place, mode))
        yield from place.subject(stem + "include_last_offset", partial(_last_offset, place, mode))
        yield from place.subject(stem + "per_sample_weights", partial(_weighted, place, mode))
    yield from place.subject("EmbeddingBag: gradient of per_sample_weights", partial(_weight_gradient, place))
    yield from place.subject("EmbeddingBag: offsets that decrease", partial(_decreasing, place))
    yield from place.subject("EmbeddingBag: offsets that do not begin with 0", partial(_late, place))


def _layer(place: Place, mode: str, **options: Any) -> nn.EmbeddingBag:
    return nn.EmbeddingBag.from_pretrained(place.table(*_ROWS), freeze=False, mode=mode, **options)


def _by_hand(mode: str, rows: list[list[int]]) -> torch.Tensor:
    """The reduction in float64; an empty bag is zero."""
    table = torch.tensor(_ROWS, dtype=torch.float64)
    found = []
    for bag in rows:
        if not bag:
            found.append(torch.zeros(2, dtype=torch.float64))
            continue
        vectors = table[bag]
        found.append(vectors.amax(0) if mode == "max" else vectors.sum(0) / (len(bag) if mode == "mean" else 1))
    return torch.stack(found)


def _distance(given: torch.Tensor, due: torch.Tensor) -> float:
    return float((given.detach().cpu().double() - due).abs().max())


def _reduced(place: Place, mode: str, ids: list[list[int]], padding_idx: int | None, says: str) -> Promise:
    given = _layer(place, mode, padding_idx=padding_idx)(place.ids(ids))
    due = _by_hand(mode, [[i for i in bag if i != padding_idx] for bag in ids])
    return Promise(RULE, says, _distance(given, due), 0.0, allowed=16 * place.eps)


def _empty(place: Place, mode: str) -> Promise:
    given = _layer(place, mode)(place.ids([0, 1]), place.ids([0, 0, 2]))
    says = "documented: an empty bag gives zeros, in every mode"
    return Promise(RULE, says, _distance(given, _by_hand(mode, [[], [0, 1], []])), 0.0, allowed=16 * place.eps)


def _last_offset(place: Place, mode: str) -> Promise:
    given = _layer(place, mode, include_last_offset=True)(place.ids([0, 1, 2]), place.ids([0, 2, 3]))
    says = "documented: with include_last_offset the last offset is the end of the last bag"
    return Promise(RULE, says, _distance(given, _by_hand(mode, [[0, 1], [2]])), 0.0, allowed=16 * place.eps)


def _weighted(place: Place, mode: str) -> Promise:
    weights = place.table((0.5, 2.0), (1.0, -1.0))
    if mode != "sum":
        says = "documented: per_sample_weights are supported with mode sum only"
        return refuses(RULE, says, lambda: _layer(place, mode)(place.ids([[0, 1], [2, 3]]), None, weights))
    given = _layer(place, mode)(place.ids([[0, 1], [2, 3]]), None, weights)
    due = torch.tensor([[0.5 * 3 + 2 * 6, 0.5 * 4 + 2 * 8], [0.5 - 1.0, -1.0 - 0.25]], dtype=torch.float64)
    says = "documented: a weighted sum"
    return Promise(RULE, says, _distance(given, due), 0.0, allowed=32 * place.eps)


def _weight_gradient(place: Place) -> Promise:
    weights = place.table((1.0, 1.0)).requires_grad_()
    _layer(place, "sum")(place.ids([[0, 1]]), None, weights).sum().backward()
    assert weights.grad is not None  # noqa: S101 - backward has just run
    says = "d(sum of the output) / d(weight of an id) is the sum of its vector"
    return Promise(RULE, says, _distance(weights.grad, torch.tensor([[7.0, 14.0]], dtype=torch.float64)), 0.0,
                   allowed=16 * place.eps)  # fmt: skip


def _decreasing(place: Place) -> Promise:
    says = "offsets that decrease are starts of no bags, and are refused as other wrong offsets are"
    known = "offsets that decrease are not looked at: the bag comes out as whatever lies in memory"
    fix = "check offsets.diff().min() >= 0"
    # not one value is read: what lies in memory is no measurement
    return refuses(
        RULE, says, lambda: _layer(place, "sum")(place.ids([0, 1]), place.ids([0, 2, 1])), known=known, fix=fix
    )


def _late(place: Place) -> Promise:
    says = "the first offset is 0; another is refused"
    return refuses(RULE, says, lambda: _layer(place, "sum")(place.ids([0, 1]), place.ids([1])))
