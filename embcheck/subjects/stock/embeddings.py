"""`nn.Embedding` and `nn.EmbeddingBag`: table, rows, padding row, given vectors, lookups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.laws.families import Normal
from embcheck.stats.chunks import computable
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from embcheck.subjects.stock.request import Request

GROUP = "embeddings"
ROWS_LISTED = 16
"""Up to so many rows are subjects, and lines of the table, of their own; correlated-weights asks more all at once."""
_PADDED_DIM = 8_000  # 4 rows of it: 32,000 draws, enough to see a std that is 5% off
_LAW = Normal(0.0, 1.0)


def embeddings(request: Request) -> Iterator[Subject]:
    """Every promise of the two classes about their first values."""
    rows, dim = request.num_embeddings, request.embedding_dim
    for cls in ("Embedding", "EmbeddingBag"):
        yield from _table(request, cls, rows, dim, request.padding_idx)
        if request.padding_idx is None and rows > 1:
            for padding_idx in (rows // 2, -1):
                yield from _table(request, cls, rows, min(dim, _PADDED_DIM), padding_idx, listed=False)
    yield from _given(request)
    yield from _lookups(request)


def _table(
    request: Request, cls: str, rows: int, dim: int, padding_idx: int | None, *, listed: bool = True
) -> Iterator[Subject]:
    """The layer (for its padding row), its table without the padding row, and each row by itself."""
    arguments = f"{rows}, {dim}" + (f", padding_idx={padding_idx}" if padding_idx is not None else "")
    name = f"{cls}({arguments})"
    for layer in request.draw(
        name, GROUP, lambda: getattr(nn, cls)(rows, dim, padding_idx=padding_idx, **request.place), kind="embedding"
    ):
        yield layer
        if layer.kind != "embedding":
            return  # the draw failed, and says so
        weight = layer.value.weight.detach()
        drawn = [i for i in range(rows) if padding_idx is None or i != padding_idx % rows]
        whole = weight if len(drawn) == rows else weight[drawn]
        but = "" if padding_idx is None else f" but row {padding_idx}"
        if drawn:
            yield _part(layer, f"{name}.weight{but}", whole)
        if listed and 1 < rows <= ROWS_LISTED:
            for i in drawn:
                yield _part(layer, f"{name}.weight[{i}]", weight[i])


def _part(layer: Subject, name: str, value: torch.Tensor) -> Subject:
    return Subject(
        name, "tensor", computable(value), law=_LAW, group=GROUP, role="embedding", shape=tuple(value.shape),
        dtype=layer.dtype, device=layer.device, module=type(layer.value).__name__,
    )  # fmt: skip


def _given(request: Request) -> Iterator[Subject]:
    """`_weight` and `from_pretrained`: the values stay, the padding row too, and requires_grad is as documented."""
    vectors = torch.linspace(-3, 3, 6 * 4, device=request.device).reshape(6, 4).to(request.dtype)
    makers: dict[str, tuple[Any, bool]] = {
        "Embedding(6, 4, _weight=vectors)": (lambda v: nn.Embedding(6, 4, _weight=v), True),
        "EmbeddingBag(6, 4, _weight=vectors)": (lambda v: nn.EmbeddingBag(6, 4, _weight=v), True),
    }
    for cls in (nn.Embedding, nn.EmbeddingBag):
        stem = f"{cls.__name__}.from_pretrained(vectors"
        makers |= {
            f"{stem})": (lambda v, c=cls: c.from_pretrained(v), False),
            f"{stem}, freeze=False)": (lambda v, c=cls: c.from_pretrained(v, freeze=False), True),
            f"{stem}, padding_idx=1)": (lambda v, c=cls: c.from_pretrained(v, padding_idx=1), False),
        }
    for name, (make, requires_grad) in makers.items():
        yield from request.draw(
            name,
            GROUP,
            partial(_weight_of, make, vectors),
            kind="pretrained",
            facts={"given": vectors, "requires_grad": requires_grad},
        )


def _weight_of(make: Callable[[torch.Tensor], nn.Embedding | nn.EmbeddingBag], vectors: torch.Tensor) -> torch.Tensor:
    return make(vectors.clone()).weight


def _lookups(request: Request) -> Iterator[Subject]:
    """Ids of every rank, both integer dtypes, with repetition: the rows that they name come back."""
    rows, dim = 11, 6
    for shape, dtype in (((), torch.int64), ((7,), torch.int32), ((2, 3), torch.int64), ((2, 3, 4), torch.int64)):
        count = 1
        for size in shape:
            count *= size
        ids = (torch.arange(count) * 7 % rows).reshape(shape).to(device=request.device, dtype=dtype)
        facts: dict[str, Any] = {"ids": ids}

        def look_up(ids: torch.Tensor = ids, facts: dict[str, Any] = facts) -> torch.Tensor:
            layer = nn.Embedding(rows, dim, **request.place)
            facts["weight"] = layer.weight
            vectors: torch.Tensor = layer(ids)
            return vectors

        name = f"Embedding({rows}, {dim})(ids of shape {shape}, {str(dtype).removeprefix('torch.')})"
        yield from request.draw(name, GROUP, look_up, kind="lookup", facts=facts)
