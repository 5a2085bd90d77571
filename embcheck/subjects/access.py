"""Whether the values of a tensor can be read at all, and the plain tensor that holds them."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch.nn.parameter import is_lazy

from embcheck.stats.chunks import computable

_UNFOLDED = 1 << 24
"""Elements up to which an expanded view is looked at as if each of them were stored."""


def obstacle(tensor: torch.Tensor) -> str:
    """Why the values cannot be looked at, as the end of a sentence; empty where they can.

    Nothing of the tensor is read, and no code of a subclass is run.
    """
    if is_lazy(tensor):
        return "it is lazy and has no shape yet: run one batch through the model first"
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 - torch's own way to ask without asking the subclass
        if (wrapped := _wrapped(tensor)) is not None:
            return wrapped
        if tensor.is_meta:
            return "it is on the meta device and has no values"
        if tensor.is_nested:
            return "it is a nested tensor"
        if tensor.is_quantized:
            return "it is quantized"
        if tensor.layout != torch.strided:
            return f"its layout is {tensor.layout}"
        if _is_opaque(tensor):
            return f"its values are held by the device {tensor.device}"
        if _unfolded(tensor):
            return "it is an expanded view of fewer stored numbers"
    return ""


def plain(tensor: torch.Tensor) -> torch.Tensor:
    """The values without history, subclass or subclass's code; of a DTensor, what this process holds.

    On a device without float64, a copy on the host.

    Args:
        tensor: one without `obstacle`.
    """
    if type(tensor) is torch.Tensor or type(tensor) is torch.nn.Parameter:
        return computable(tensor.detach())
    if _is_wrapper(tensor):
        return plain(_local(tensor))
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 - torch's own way to leave a subclass's code out
        return computable(tensor.detach().as_subclass(torch.Tensor))


def extent(tensor: torch.Tensor) -> tuple[int, ...]:
    """The shape; () where a tensor has none (lazy), or one that is not made of numbers (nested)."""
    if is_lazy(tensor):
        return ()
    try:
        with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001
            shape = tuple(tensor.shape)
    except RuntimeError:
        return ()
    return shape if all(type(size) is int for size in shape) else ()


def _is_wrapper(tensor: torch.Tensor) -> bool:
    """Whether a subclass keeps its values in other tensors."""
    # a wrapper has no storage of its own: https://pytorch.org/docs/stable/notes/extending.html
    return type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__


def _local(tensor: Any) -> torch.Tensor:
    """What this process holds of a DTensor."""
    held: torch.Tensor = tensor.to_local()
    return held


def _wrapped(tensor: torch.Tensor) -> str | None:
    """Of a wrapper: its obstacle, empty for a DTensor that is whole in this process; None for any other tensor."""
    if not _is_wrapper(tensor) or tensor.is_nested:
        return None
    name = type(tensor).__name__
    if name == "FakeTensor":
        return "it is a fake tensor and has no values"
    if name == "DTensor":
        local = _local(tensor)
        if tuple(local.shape) != tuple(tensor.shape):
            return "it is one shard of a DTensor: look at the whole, full_tensor() or a checkpoint"
        return obstacle(local)
    return f"its values are kept by a {name}"


def _is_opaque(tensor: torch.Tensor) -> bool:
    """XLA, lazy and vmap-wrapped tensors: strided by name, without memory that can be asked for."""
    try:
        tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return tensor.device.type != "xla"
    return False


def _unfolded(tensor: torch.Tensor) -> bool:
    numel = math.prod(tensor.shape)
    try:
        return numel > _UNFOLDED and numel * tensor.element_size() > tensor.untyped_storage().nbytes()
    except (NotImplementedError, RuntimeError):
        return False
