"""Memory that a model shares with what lies beside it: arrays, and state dicts kept as snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import nn

from embcheck.subjects.access import obstacle
from embcheck.subjects.subject import Subject

_DEPTH = 4
_ENTRIES = 10_000


@dataclass(frozen=True)
class Block:
    """The bytes that a tensor or an array covers, from `low` up to `high`."""

    name: str
    low: int
    high: int
    dense: bool = True
    """Whether it fills them without a gap."""


def memory(model: nn.Module, beside: Any = None, name: str = "model") -> Subject:
    """The model with every array, or snapshot of its parameters, that shares its memory.

    Args:
        model: its parameters and buffers on the CPU are compared by address; nothing is read.
        beside: what else the caller holds (a mapping with a state dict in it, say); the model's own plain attributes
            are always looked at.
        name: what to call the subject.

    Returns:
        a subject of kind "memory"; ``facts["shared"]`` lists (array or snapshot, parameter, what it is).
    """
    own = sorted(_own(model), key=lambda b: b.low)
    registered = {id(t) for _, t in _registered(model)}
    held = [*_plain_attributes(model), *_walk("", beside, _DEPTH, set(), snapshot=False)]
    shared: list[tuple[str, str, str]] = []
    for other, value, snapshot in held:
        if isinstance(value, torch.Tensor) and (id(value) in registered or not snapshot):
            continue  # views of a parameter are kept for many good reasons; a whole set of them is a snapshot
        block = _block(other, value)
        match = block and next((o for o in own if o.low < block.high and block.low < o.high), None)
        if match:
            shared.append((other, match.name, "array" if isinstance(value, np.ndarray) else "snapshot"))
    shared += _among(own)
    return Subject(name, "memory", model, facts={"shared": tuple(shared), "looked_at": len(held)})


def _among(own: list[Block]) -> Iterator[tuple[str, str, str]]:
    """Parameters and buffers that are not one object, and yet one memory: each pair of neighbours by address, once.

    Only tensors without gaps are compared: the columns of one fused matrix lie between one another.
    """
    widest: Block | None = None
    for block in (b for b in own if b.dense):
        if widest is not None and block.low < widest.high:
            yield block.name, widest.name, "tensor"
        if widest is None or block.high > widest.high:
            widest = block


def _registered(model: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """By torch's own walk, whatever the model's class overrides."""
    yield from nn.Module.named_parameters(model)
    yield from nn.Module.named_buffers(model)


def _own(model: nn.Module) -> Iterator[Block]:
    for name, tensor in _registered(model):
        block = None if obstacle(tensor) else _block(name, tensor)
        if block:
            yield block


def _block(name: str, value: torch.Tensor | np.ndarray[Any, Any]) -> Block | None:
    """Its address range; None for what has no memory on the CPU."""
    if isinstance(value, np.ndarray):
        if not value.size or value.dtype.hasobject:
            return None
        start = value.__array_interface__["data"][0]
        steps = [(n - 1) * s for n, s in zip(value.shape, value.strides, strict=True)]
        return Block(
            name, start + sum(s for s in steps if s < 0), start + sum(s for s in steps if s > 0) + value.itemsize
        )
    try:
        if value.device.type != "cpu" or value.layout is not torch.strided or value.is_nested or not value.numel():
            return None
        low = value.data_ptr()
        if not low:  # a wrapper (DTensor) whose numbers lie elsewhere
            return None
        reach = sum((n - 1) * s for n, s in zip(value.shape, value.stride(), strict=True)) + 1
    except (RuntimeError, NotImplementedError, ValueError):  # lazy, fake or wrapped: no address
        return None
    return Block(name, low, low + reach * value.element_size(), dense=reach == value.numel())


def _plain_attributes(model: nn.Module) -> Iterator[tuple[str, Any, bool]]:
    """What the modules of the model hold without registering it."""
    seen: set[int] = set()
    private = {"_parameters", "_buffers", "_modules"}
    for path, module in model.named_modules():
        for attribute, value in list(vars(module).items()):
            if attribute not in private:
                yield from _walk(f"{path}.{attribute}".lstrip("."), value, _DEPTH, seen, snapshot=False)


def _walk(name: str, value: Any, depth: int, seen: set[int], *, snapshot: bool) -> Iterator[tuple[str, Any, bool]]:
    """Arrays and tensors in plain containers and plain objects; `snapshot` is True inside a mapping, and in a list of
    tensors that were taken out of autograd (`[p.data for p in parameters()]`)."""
    if isinstance(value, (np.ndarray, torch.Tensor)):
        yield name, value, snapshot
        return
    if depth == 0 or id(value) in seen or isinstance(value, (nn.Module, type, str, bytes)) or callable(value):
        return
    if isinstance(value, Mapping):
        seen.add(id(value))
        for key, inner in list(value.items())[:_ENTRIES]:
            yield from _walk(f"{name}[{key!r}]" if name else str(key), inner, depth - 1, seen, snapshot=True)
    elif isinstance(value, Sequence):
        seen.add(id(value))
        kept = snapshot or _detached(value)
        for i, inner in enumerate(islice(value, _ENTRIES)):  # a deque has no slices
            yield from _walk(f"{name}[{i}]", inner, depth - 1, seen, snapshot=kept)
    elif type(value).__module__.partition(".")[0] not in {"torch", "numpy", "builtins"} and hasattr(value, "__dict__"):
        seen.add(id(value))
        for attribute, inner in list(vars(value).items())[:_ENTRIES]:
            yield from _walk(f"{name}.{attribute}", inner, depth - 1, seen, snapshot=snapshot)


def _detached(values: Sequence[Any]) -> bool:
    inside = list(islice(values, _ENTRIES))
    return len(inside) > 1 and all(
        isinstance(v, torch.Tensor) and not isinstance(v, nn.Parameter) and not v.requires_grad for v in inside
    )
