"""sparse=True: what the gradient is, and which optimizers take it."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.subjects.promises.promise import Promise, accepts, outcome_of, refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RULE = "sparse-optimizer"
UNSEEN = "unseen-rows-updated"
_DOCUMENTED = frozenset({"SGD", "SparseAdam", "Adagrad"})
_UNDOCUMENTED = {"LBFGS": "LBFGS takes it too, and makes it dense"}
_NOT_FOR_TABLES = frozenset({"Optimizer", "Muon"})
"""Muon is for hidden layers; it orthogonalises a whole matrix at once."""
_ONE_STEP = {"lr": 0.1}


def optimizers() -> tuple[str, ...]:
    """The optimizers of this torch that take a table."""
    found = {n for n, c in vars(torch.optim).items() if isinstance(c, type) and issubclass(c, torch.optim.Optimizer)}
    return tuple(sorted(found - _NOT_FOR_TABLES))


def sparsity(place: Place) -> Iterator[Subject]:
    """The gradient itself."""
    place = place.about(RULE)
    yield from place.subject("Embedding(sparse=True).weight.grad", partial(_layout, place, {}))
    yield from place.subject("EmbeddingBag(sparse=True).weight.grad", partial(_layout, place, {"mode": "sum"}))
    yield from place.subject(
        'EmbeddingBag(mode="max", sparse=True)',
        lambda: refuses(RULE, "documented: not supported with mode max", lambda: _graded(place, {"mode": "max"})),
    )
    yield from place.subject("clip_grad_norm_ with a sparse gradient", partial(_clipped, place))


def sparsity_in_training(place: Place) -> Iterator[Subject]:
    """Each optimizer with a sparse gradient, and rows that were not in the batch."""
    place = place.about(RULE)
    for name in optimizers():
        yield from place.subject(f"optim.{name} with a sparse gradient", partial(_taken, place, name, {}))
        if name in _DOCUMENTED and "weight_decay" in inspect.signature(getattr(torch.optim, name)).parameters:
            yield from place.subject(
                f"optim.{name}(weight_decay=0.01) with a sparse gradient",
                partial(_taken, place, name, {"weight_decay": 0.01}),
            )
    for words, name, sparse, options, moves in _MOVES:
        yield from place.about(UNSEEN).subject(words, partial(_unseen, place, name, sparse, options, moves=moves))


# a row that was in the first batch and is not in the second: does the second step move it?
_MOVES: tuple[tuple[str, str, bool, dict[str, Any], bool], ...] = (
    ("SGD: a row that is not in the batch", "SGD", False, {}, False),
    ("SGD(momentum=0.9): a row that is not in the batch", "SGD", False, {"momentum": 0.9}, True),
    ("SGD(weight_decay=0.1): a row that is not in the batch", "SGD", False, {"weight_decay": 0.1}, True),
    ("SGD(momentum=0.9), sparse=True: a row that is not in the batch", "SGD", True, {"momentum": 0.9}, True),
    ("Adam: a row that is not in the batch", "Adam", False, {}, True),
    ("AdamW: a row that is not in the batch", "AdamW", False, {}, True),
    ("Adagrad: a row that is not in the batch", "Adagrad", False, {}, False),
    ("RMSprop: a row that is not in the batch", "RMSprop", False, {}, False),
    ("SparseAdam, sparse=True: a row that is not in the batch", "SparseAdam", True, {}, False),
    ("Adagrad, sparse=True: a row that is not in the batch", "Adagrad", True, {}, False),
)


def _graded(place: Place, kind: dict[str, Any]) -> torch.Tensor:
    cls: Any = nn.EmbeddingBag if kind else nn.Embedding
    layer = cls(5, 2, sparse=True, device=place.device, dtype=place.dtype, **kind)
    layer(place.ids([[1, 3]])).sum().backward()
    grad: torch.Tensor = layer.weight.grad
    return grad


def _layout(place: Place, kind: dict[str, Any]) -> Promise:
    grad = _graded(place, kind)
    rows = grad.coalesce().indices()[0].tolist() if grad.is_sparse else list(range(5))
    says = "documented: the gradient is a sparse tensor; it holds the rows 1 and 3 that were looked up"
    return Promise(RULE, says, float(len(rows)), 2.0, seen=f"it holds rows {rows}")


def _step(place: Place, name: str, options: dict[str, Any], *, sparse: bool, batches: tuple[int, ...]) -> list[float]:
    """Largest movement of row 1 in each step; each batch is one id."""
    embedding: Any = nn.Embedding
    layer = embedding.from_pretrained(place.table(*[(1.0, -0.5)] * 5), freeze=False, sparse=sparse)
    optimizer: Any = getattr(torch.optim, name)(layer.parameters(), **_ONE_STEP, **options)
    moved = []
    for i in batches:
        before = layer.weight[1].detach().clone()

        def closure(i: int = i) -> torch.Tensor:
            optimizer.zero_grad()
            loss: torch.Tensor = layer(place.ids([i])).sum()
            torch.autograd.backward(loss)
            return loss

        closure()
        optimizer.step(closure)
        moved.append(float((layer.weight[1] - before).abs().max()))
    return moved


def _taken(place: Place, name: str, options: dict[str, Any]) -> Promise:
    def act() -> list[float]:
        return _step(place, name, options, sparse=True, batches=(1, 2))

    fix = "SparseAdam, SGD without weight_decay, or Adagrad without weight_decay"
    if options:
        return refuses(RULE, "not documented: a sparse gradient cannot be decayed, and step() says so", act, fix=fix)
    if name in _DOCUMENTED:
        return accepts(RULE, "documented: this optimizer supports sparse gradients", act)
    known = _UNDOCUMENTED.get(name, "")
    return refuses(
        RULE, "documented: only SGD, SparseAdam and Adagrad support sparse gradients", act, known=known, fix=fix
    )


def _clipped(place: Place) -> Promise:
    parameter = nn.Parameter(place.table((1.0, 2.0), (3.0, 4.0)))
    torch.autograd.backward(nn.functional.embedding(place.ids([1]), parameter, sparse=True).sum())
    says = "not documented: the norm of a sparse gradient is not implemented, and clipping says so"
    seen = outcome_of(lambda: nn.utils.clip_grad_norm_([parameter], 1.0))
    return Promise(RULE, says, float(seen != "works"), 1.0, seen=seen, fix="clip the other parameters alone")


def _unseen(place: Place, name: str, sparse: bool, options: dict[str, Any], *, moves: bool) -> Promise:
    moved = _step(place, name, options, sparse=sparse, batches=(1, 2))[1]
    fix = "sparse=True with SparseAdam moves only rows with a gradient" if moves else ""
    if moves:
        says = "its momentum or decay moves every row that it has seen, gradient or not"
        return Promise(UNSEEN, says, float(moved > 0), 1.0, seen=f"it moved by {moved:.3g}", fix=fix)
    return Promise(UNSEEN, "a row without gradient stays", moved, 0.0, seen=f"it moved by {moved:.3g}")
