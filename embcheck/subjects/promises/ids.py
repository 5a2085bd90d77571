"""Ids: out of range, negative, of other dtypes, on another device."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.subjects.promises.promise import Promise, refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.promises.promise import Place
    from embcheck.subjects.subject import Subject

RANGE = "index-out-of-range"
TYPE = "index-type"
_SECONDS = 180


def ids(place: Place) -> Iterator[Subject]:
    """What a table of 4 rows does with ids that are none of 0 to 3, or no integers."""
    place = place.about(RANGE)
    for cls in ("Embedding", "EmbeddingBag"):
        for bad in (4, -1, 2**40):
            name = f"{cls}(4, 2) with id {bad}"
            yield from place.subject(name, partial(_out_of_range, place, cls, bad))
    for cls in ("Embedding", "EmbeddingBag"):
        for bad in (4, -5):
            yield from place.subject(f"{cls}(4, 2, padding_idx={bad})", partial(_bad_padding, cls, bad))
    yield from place.subject("Embedding(4, 2, padding_idx=-1).padding_idx", _from_the_end)
    place = place.about(TYPE)
    for dtype in (torch.int64, torch.int32):
        yield from place.subject(f"Embedding(4, 2) with {dtype} ids", partial(_integers, place, dtype))
    for dtype in (torch.float32, torch.int16, torch.uint8, torch.bool):
        yield from place.subject(f"Embedding(4, 2) with {dtype} ids", partial(_refused, place, dtype))
    yield from place.subject("Embedding(4, 2) with a list of ids", partial(_a_list, place))
    yield from place.subject("Embedding(4, 2) with ids on another device", partial(_elsewhere, place))


def _bad_padding(cls: str, bad: int) -> Promise:
    says = "documented: padding_idx names a row; outside of the table it is refused when the layer is made"
    return refuses(RANGE, says, lambda: getattr(nn, cls)(4, 2, padding_idx=bad))


def _layer(place: Place, cls: str = "Embedding") -> Any:
    return getattr(nn, cls)(4, 2, device=place.device, dtype=place.dtype)


def _look_up(place: Place, cls: str, ids: torch.Tensor) -> torch.Tensor:
    layer = _layer(place, cls)
    vectors: torch.Tensor = layer(ids.reshape(1, -1) if cls == "EmbeddingBag" else ids)
    return vectors


def _out_of_range(place: Place, cls: str, bad: int) -> Promise:
    says = "an id is a row of the table, 0 to num_embeddings - 1; any other is refused"
    if place.device.type == "cuda":
        return Promise(RANGE, says, float("device-side assert" in (seen := _on_cuda(place, cls, bad))), 1.0, seen=seen)
    return refuses(RANGE, says, lambda: _look_up(place, cls, place.ids([bad])))


def _on_cuda(place: Place, cls: str, bad: int) -> str:
    """On CUDA such an id ends the context for the whole process, so it gets a process of its own."""
    code = (
        f"import torch; d = torch.device('{place.device}'); e = torch.nn.{cls}(4, 2, device=d); "
        f"print(e(torch.tensor([[{bad}]], device=d)).sum().item())"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    told = [line for line in done.stderr.splitlines() if "assert" in line]
    return (
        told[-1].strip() if told else f"it gave {done.stdout.strip()}" if done.returncode == 0 else done.stderr[-160:]
    )


def _from_the_end() -> Promise:
    found = nn.Embedding(4, 2, padding_idx=-1).padding_idx
    says = "a negative padding_idx counts from the end: -1 of 4 rows is row 3"
    return Promise(RANGE, says, float(-1 if found is None else found), 3.0)


def _integers(place: Place, dtype: torch.dtype) -> Promise:
    layer = _layer(place)
    given = layer(place.ids([3, 0, 3], dtype))
    wrong = float((given - layer.weight[[3, 0, 3]]).abs().max())
    return Promise(TYPE, "documented: IntTensor and LongTensor give the rows that they name", wrong, 0.0)


def _refused(place: Place, dtype: torch.dtype) -> Promise:
    says = "documented: ids are IntTensor or LongTensor; others are refused"
    return refuses(TYPE, says, lambda: _look_up(place, "Embedding", place.ids([1], dtype)), fix="ids.long()")


def _a_list(place: Place) -> Promise:
    says = "ids are a tensor; a list is refused, whatever the documentation's 'list of indices' suggests"
    return refuses(TYPE, says, lambda: _layer(place)([1, 2]), fix="torch.tensor(ids, device=layer.weight.device)")


def _elsewhere(place: Place) -> Promise:
    if place.device.type == "cpu":
        # meta cannot stand in: torch looks such ids up all the same and gives whatever lies in memory
        raise NotImplementedError("ids on another device need another device; --device cuda (mps, xpu) asks this")
    says = f"ids on the CPU for a table on {place.device} are refused"
    return refuses(
        TYPE, says, lambda: _look_up(place, "Embedding", torch.tensor([1])), fix="ids.to(layer.weight.device)"
    )
