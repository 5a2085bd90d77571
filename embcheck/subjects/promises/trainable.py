"""freeze: which constructors give a table that is not trained."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.subjects.promises.promise import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RULE = "frozen-parameter"


def trainable(place: Place) -> Iterator[Subject]:
    """Whether one step of SGD moves a row that was looked up."""
    place = place.about(RULE)
    for cls in (nn.Embedding, nn.EmbeddingBag):
        stem = f"{cls.__name__}.from_pretrained(vectors"
        says = "documented: freeze is True by default, and the tensor is not updated"
        yield from place.subject(f"{stem}) under SGD", partial(_moves, place, cls, {}, says, trained=False))
        says = "documented: with freeze=False the tensor is updated"
        yield from place.subject(
            f"{stem}, freeze=False) under SGD", partial(_moves, place, cls, {"freeze": False}, says, trained=True)
        )


def _moves(place: Place, cls: Any, options: dict[str, Any], says: str, *, trained: bool) -> Promise:
    kind = {"mode": "sum"} if cls is nn.EmbeddingBag else {}
    layer = cls.from_pretrained(place.table((1.0, 2.0), (3.0, 4.0)), **options, **kind)
    scale = nn.Parameter(place.table((1.0, 1.0)))  # something to train, so that backward has a graph
    optimizer = torch.optim.SGD([scale, *(p for p in layer.parameters() if p.requires_grad)], lr=0.5)
    (layer(place.ids([[1]])) * scale).sum().backward()
    optimizer.step()
    moved = float((layer.weight[1].detach() - place.table((3.0, 4.0))[0]).abs().max())
    return Promise(RULE, says, moved, 0.5 if trained else 0.0, allowed=4 * place.eps, seen=f"it moved by {moved:.3g}")
