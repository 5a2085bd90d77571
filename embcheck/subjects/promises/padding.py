"""The padding row under training: when it stays as it is, and when it does not."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.subjects.promises.promise import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RULE = "padding-row-gets-gradient"
_FIXED = 'documented: the vector at padding_idx is not updated during training, it remains as a fixed "pad"'
_OPTIMIZERS: dict[str, dict[str, Any]] = {
    "SGD(lr=0.1)": {"name": "SGD", "lr": 0.1},
    "SGD(lr=0.1, momentum=0.9)": {"name": "SGD", "lr": 0.1, "momentum": 0.9},
    "SGD(lr=0.1, weight_decay=0.1)": {"name": "SGD", "lr": 0.1, "weight_decay": 0.1},
    "Adam(lr=0.1)": {"name": "Adam", "lr": 0.1},
    "Adam(lr=0.1, weight_decay=0.1)": {"name": "Adam", "lr": 0.1, "weight_decay": 0.1},
    "AdamW(lr=0.1)": {"name": "AdamW", "lr": 0.1},
    "Adagrad(lr=0.1)": {"name": "Adagrad", "lr": 0.1},
    "RMSprop(lr=0.1)": {"name": "RMSprop", "lr": 0.1},
}
_DECAYS = frozenset({"SGD(lr=0.1, weight_decay=0.1)", "Adam(lr=0.1, weight_decay=0.1)", "AdamW(lr=0.1)"})


def padding(place: Place) -> Iterator[Subject]:
    """Gradient of the padding row."""
    place = place.about(RULE)
    for cls in (nn.Embedding, nn.EmbeddingBag):
        for sparse in (False, True):
            name = f"{cls.__name__}(4, 3, padding_idx=1{', sparse=True' if sparse else ''}).weight.grad[1]"
            yield from place.subject(name, partial(_gradient, place, cls, sparse))


def padding_in_training(place: Place) -> Iterator[Subject]:
    """Movement of the padding row under torch's optimizers."""
    place = place.about(RULE)
    for words, options in _OPTIMIZERS.items():
        yield from place.subject(
            f"a zero padding row under {words}", partial(_moved, place, options, fill=0.0, known="")
        )
        known = "weight decay acts on every row: a padding row that is not zero shrinks" if words in _DECAYS else ""
        yield from place.subject(
            f"a padding row of ones under {words}", partial(_moved, place, options, fill=1.0, known=known)
        )
    yield from place.subject("a padding row of a table that is also the output layer", partial(_tied, place))
    yield from place.subject("padding_idx set after a step of Adam", partial(_late, place))


def _gradient(place: Place, cls: type[nn.Embedding | nn.EmbeddingBag], sparse: bool) -> Promise:
    kind: dict[str, Any] = {"mode": "sum"} if cls is nn.EmbeddingBag else {}
    layer = cls(4, 3, padding_idx=1, sparse=sparse, device=place.device, dtype=place.dtype, **kind)
    layer(place.ids([[0, 1], [1, 2]])).sum().backward()
    grad = layer.weight.grad
    assert grad is not None  # noqa: S101 - backward has just run
    row = (grad.to_dense() if grad.is_sparse else grad)[1]
    says = "documented: the entries at padding_idx do not contribute to the gradient"
    return Promise(RULE, says, float(row.abs().max()), 0.0)


def _train(place: Place, layer: nn.Embedding, options: dict[str, Any], head: torch.Tensor | None, steps: int) -> None:
    """A few steps on ids that include the padding; the logits of `head`, or the squares, are the loss."""
    given = dict(options)
    optimizer = getattr(torch.optim, given.pop("name"))(layer.parameters(), **given)
    for _ in range(steps):
        optimizer.zero_grad()
        vectors = layer(place.ids([0, 1, 2]))
        loss = vectors.pow(2).sum() if head is None else (vectors @ head.T).float().logsumexp(-1).sum()
        loss.backward()
        optimizer.step()


def _layer(place: Place, fill: float) -> nn.Embedding:
    rows = place.table((0.5, -1.0, 0.25), (fill, fill, fill), (1.0, 0.75, -0.5), (-0.25, 0.5, 1.0))
    embedding: Any = nn.Embedding
    layer: nn.Embedding = embedding.from_pretrained(rows, freeze=False, padding_idx=1)
    return layer


def _moved(place: Place, options: dict[str, Any], *, fill: float, known: str) -> Promise:
    layer = _layer(place, fill)
    _train(place, layer, options, None, 3)
    moved = float((layer.weight[1].detach() - fill).abs().max())
    fix = "zero the row, or give the table a parameter group with weight_decay=0" if known else ""
    if place.dtype is torch.float16 and not math.isfinite(moved):
        known = "eps=1e-8 is 0 in float16, and a row without gradient becomes 0/0"
        fix = "keep the parameters in float32 (autocast), or give the optimizer an eps of at least 6e-8"
    return Promise(RULE, _FIXED, moved, 0.0, seen=f"it moved by {moved:.3g} in 3 steps", known=known, fix=fix)


def _tied(place: Place) -> Promise:
    layer = _layer(place, 0.0)
    _train(place, layer, {"name": "SGD", "lr": 0.1}, layer.weight, 3)
    moved = float(layer.weight[1].detach().abs().max())
    known = "padding_idx blocks the gradient of the lookup alone; as a row of the output layer the row is trained"
    fix = "layer.weight.register_hook(mask), or mask the padding's logit out of the loss"
    return Promise(RULE, _FIXED, moved, 0.0, seen=f"it moved by {moved:.3g} in 3 steps", known=known, fix=fix)


def _late(place: Place) -> Promise:
    layer = _layer(place, 1.0)
    layer.padding_idx = None
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for i in range(2):
        optimizer.zero_grad()
        layer(place.ids([1])).sum().backward()
        before = layer.weight[1].detach().clone()
        optimizer.step()
        layer.padding_idx = 1 if i == 0 else layer.padding_idx
    moved = float((layer.weight[1].detach() - before).abs().max())
    known = "the optimizer's momentum still moves the row after its gradient has become zero"
    fix = "set padding_idx before the optimizer has seen the table"
    return Promise(
        RULE, _FIXED, moved, 0.0, seen=f"it moved by {moved:.3g} in a step without gradient", known=known, fix=fix
    )
