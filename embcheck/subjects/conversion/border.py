"""What of a user's own tensors and arrays cannot cross as it is: grouped by what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from embcheck.subjects.conversion.safe import is_wrapped, lacks_dtype, to_numpy, to_torch, verified
from embcheck.subjects.subject import Subject

_UNINITIALIZED: Any = (nn.parameter.UninitializedParameter, nn.parameter.UninitializedBuffer)
_DEPTH = 6
_ENTRIES = 100_000
_NAMED = 3
"""So many names are spelled out in a group's subject."""


@dataclass(frozen=True)
class Item:
    """One tensor or array, and how it is reached."""

    name: str
    expression: str
    """How code would name it: ``model.emb.weight``, ``state["emb.weight"]``."""
    value: torch.Tensor | np.ndarray[Any, Any]
    kind: str = ""
    """``parameter`` or ``buffer`` of a module; empty for anything else."""

    @property
    def is_tensor(self) -> bool:
        """True for torch, False for numpy."""
        return isinstance(self.value, torch.Tensor)


def items(target: Any, name: str = "", expression: str = "x", depth: int = _DEPTH) -> Iterator[Item]:
    """Every tensor and array in a tensor, array, module (its attributes too), or mapping or sequence, each once."""
    if isinstance(target, (torch.Tensor, np.ndarray)):
        yield Item(name or ("tensor" if isinstance(target, torch.Tensor) else "array"), expression, target)
    elif isinstance(target, nn.Module):
        yield from _registered(target, name, expression)
        yield from _kept(target, name, expression)
    elif depth:
        for suffix, access, value in _inside(target):
            yield from items(value, f"{name}{suffix}".lstrip("."), f"{expression}{access}", depth - 1)


def _inside(target: Any) -> Iterator[tuple[str, str, Any]]:
    """What a mapping, a sequence or an object of somebody's own class holds: name, how code reaches it, value."""
    if isinstance(target, Mapping):
        for key, value in list(target.items())[:_ENTRIES]:
            yield f".{key}", f"[{key!r}]", value
    elif isinstance(target, Sequence) and not isinstance(target, (str, bytes)):
        for i, value in enumerate(target[:_ENTRIES]):
            yield f"[{i}]", f"[{i}]", value
    else:
        for attribute, value in (plain_object(target) or {}).items():
            yield f".{attribute}", f".{attribute}", value


def _registered(module: nn.Module, name: str, expression: str) -> Iterator[Item]:
    for kind, listed in (("parameter", module.named_parameters()), ("buffer", module.named_buffers())):
        for path, tensor in listed:
            if not isinstance(tensor, _UNINITIALIZED):  # a lazy module before its first forward: no shape, no memory
                yield Item(f"{name}.{path}".lstrip("."), _attribute(expression, path, kind), tensor, kind)


def _kept(module: nn.Module, name: str, expression: str) -> Iterator[Item]:
    """Arrays of floating-point numbers that a module keeps as attributes: they are there to become tensors, but for
    read-only ones, which are looked up."""
    for path, inner in module.named_modules():
        for attribute, value in vars(inner).items():
            if isinstance(value, np.ndarray) and value.dtype.kind in "fc" and value.flags.writeable:
                where = f"{path}.{attribute}".lstrip(".")
                yield Item(f"{name}.{where}".lstrip("."), f"{expression}.{where}", value)


def plain_object(target: Any) -> Mapping[str, Any] | None:
    """The attributes of an object of somebody's own class; None for anything else."""
    library = type(target).__module__.partition(".")[0]
    if callable(target) or isinstance(target, type) or library in {"torch", "numpy", "builtins"}:
        return None
    return dict(vars(target)) if hasattr(target, "__dict__") else None


def _attribute(expression: str, path: str, kind: str) -> str:
    if all(part.isidentifier() for part in path.split(".")):
        return f"{expression}.{path}"
    return f"{expression}.get_{kind}({path!r})"


def crossings(found: Iterable[Item]) -> Iterator[Subject]:
    """One subject for all tensors, or arrays, that meet the same obstacles.

    A model of 148 parameters that all require grad is one subject, not 148; the table has each of them. Facts: the
    items, the line for the first one, whether it was verified, the majority dtype of the floating-point tensors.
    """
    everything = list(found)
    peers = common_float(everything)
    groups: dict[tuple[Any, ...], list[Item]] = {}
    for item in everything:
        groups.setdefault(_obstacles(item.value), []).append(item)
    for members in groups.values():
        first = members[0]
        value = first.value
        line = safe_line(first, peers)
        yield Subject(
            _joined([m.name for m in members]),
            "crossing",
            value,
            shape=tuple(value.shape) if not (isinstance(value, torch.Tensor) and value.is_nested) else (),
            dtype=str(value.dtype).removeprefix("torch."),
            device=str(value.device) if isinstance(value, torch.Tensor) else "cpu",
            facts={
                "items": tuple(members),
                "safe": line,
                "verified": bool(line) and verified(safe_line(Item("x", "x", value), peers), "x", value),
                "refusal": refusal(value),
                "peers": peers,
                "kind": first.kind,
                "wrapped": isinstance(value, torch.Tensor) and is_wrapped(value),
                "foreign_dtype": _foreign(value),
            },
        )


def safe_line(item: Item, peers: torch.dtype | None) -> str:
    """The line to write for this item."""
    if isinstance(item.value, torch.Tensor):
        return to_numpy(item.expression, item.value)
    narrow = item.value.dtype == np.float64 and peers in (torch.float32, torch.float16, torch.bfloat16)
    return to_torch(item.expression, item.value, narrow=narrow)


def common_float(found: Iterable[Item]) -> torch.dtype | None:
    """The dtype that most floating-point tensors have, by number of tensors; None where there is none."""
    counted = Counter(i.value.dtype for i in found if isinstance(i.value, torch.Tensor) and i.value.is_floating_point())
    return counted.most_common(1)[0][0] if counted else None


def refusal(value: torch.Tensor | np.ndarray[Any, Any]) -> str:
    """What the plain conversion says: ``TypeError: can't convert ...``; empty if it works. Nothing is copied.

    `torch.from_dlpack` is never tried: on an array with negative strides it ends the process.
    """
    try:
        with torch.enable_grad():
            value.numpy() if isinstance(value, torch.Tensor) else _plainly(value)
    except Exception as error:  # noqa: BLE001 - what it says is what is asked for
        return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
    return ""


def _plainly(array: np.ndarray[Any, Any]) -> None:
    if array.flags.writeable:  # a read-only one only warns, once a process, and that warning is the user's
        torch.from_numpy(array)


def _obstacles(value: torch.Tensor | np.ndarray[Any, Any]) -> tuple[Any, ...]:
    if isinstance(value, np.ndarray):
        odd = any(s < 0 for s in value.strides), any(s % max(value.itemsize, 1) for s in value.strides)
        return ("array", value.dtype, value.flags.writeable, *odd)
    if is_wrapped(value):
        return ("wrapped", value.dtype)
    strided = value.layout is torch.strided and not value.is_nested
    return (
        "tensor", str(value.device), value.requires_grad, value.dtype, value.layout, value.is_nested,
        value.is_quantized, strided and value.is_conj(), strided and value.is_neg(), value.is_inference(),
    )  # fmt: skip


def _foreign(value: torch.Tensor | np.ndarray[Any, Any]) -> bool:
    """Whether the other library lacks, or hardly supports, the dtype."""
    if isinstance(value, torch.Tensor):
        return value.is_quantized or lacks_dtype(value)
    kind, size = value.dtype.kind, value.dtype.itemsize
    return kind not in "fciub" or (kind == "u" and size > 1) or size > {"f": 8, "c": 16}.get(kind, size)


def _joined(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more"
