"""max_norm: which rows a lookup rewrites, to which norm, and what autograd says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.subjects.promises.promise import Promise, accepts, refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RULE = "max-norm-violated"
_ROWS = ((3.0, 4.0), (6.0, 8.0), (0.25, 0.5), (1.0, 0.0))
_LOOKED_UP = (0, 2)
_EMBEDDING: Any = nn.Embedding  # from_pretrained has no types


def norms(place: Place) -> Iterator[Subject]:
    """Norms after a lookup, for both classes and several p."""
    place = place.about(RULE)
    for cls in (nn.Embedding, nn.EmbeddingBag):
        for p in (1.0, 2.0, 3.0, float("inf")):
            name = f"{cls.__name__}(max_norm=1, norm_type={p:g}): "
            yield from place.subject(name + "a row that is looked up", partial(_norm, place, cls, p))
            yield from place.subject(
                name + "a row within max_norm, and rows not looked up", partial(_others, place, cls, p)
            )
    yield from place.subject("Embedding(max_norm=1) in eval mode, frozen, under no_grad", partial(_quiet, place))
    yield from place.subject(
        "Embedding(max_norm=1): weight used before the lookup", partial(_backward, place, clone=False)
    )
    yield from place.subject(
        "Embedding(max_norm=1): weight.clone() used before the lookup", partial(_backward, place, clone=True)
    )


def _looked_up(place: Place, cls: type[nn.Embedding | nn.EmbeddingBag], p: float) -> torch.Tensor:
    kind: dict[str, Any] = {"mode": "sum"} if cls is nn.EmbeddingBag else {}
    layer = cls.from_pretrained(place.table(*_ROWS), freeze=False, max_norm=1.0, norm_type=p, **kind)
    layer(place.ids([list(_LOOKED_UP)]))
    return layer.weight.detach().cpu().double()


def _norm(place: Place, cls: type[nn.Embedding | nn.EmbeddingBag], p: float) -> Promise:
    after = float(torch.linalg.vector_norm(_looked_up(place, cls, p)[0], p))
    says = "documented: a vector with a p-norm larger than max_norm is renormalized to have norm max_norm"
    # torch divides by norm + 1e-7; each of the 2 elements is rounded once
    return Promise(RULE, says, after, 1.0, allowed=2 * place.eps + 1e-6, seen=f"its norm is {after:.7g}")


def _others(place: Place, cls: type[nn.Embedding | nn.EmbeddingBag], p: float) -> Promise:
    before = place.table(*_ROWS).cpu().double()
    changed = float((_looked_up(place, cls, p) - before)[1:].abs().max())
    return Promise(
        RULE, "documented: only the vectors that are looked up, and larger than max_norm, change", changed, 0.0
    )


def _quiet(place: Place) -> Promise:
    layer = _EMBEDDING.from_pretrained(place.table(*_ROWS), max_norm=1.0).eval()
    with torch.no_grad():
        layer(place.ids([0]))
    norm = float(layer.weight[0].cpu().double().norm())
    says = "documented: forward modifies the weight in place, whatever the mode"
    return Promise(RULE, says, norm, 1.0, allowed=2 * place.eps + 1e-6, seen=f"its norm is {norm:.7g}")


def _backward(place: Place, *, clone: bool) -> Promise:
    def act() -> None:
        layer = _EMBEDDING.from_pretrained(place.table(*_ROWS), freeze=False, max_norm=1.0)
        other = nn.Parameter(place.table((1.0,), (2.0,)))
        weight = layer.weight.clone() if clone else layer.weight
        ((weight @ other).sum() + layer(place.ids([0])).sum()).backward()

    if clone:
        return accepts(RULE, "documented: cloning the weight keeps an operation before the lookup differentiable", act)
    says = "documented: an operation on the weight before the lookup cannot be differentiated without cloning it"
    return refuses(RULE, says, act)
