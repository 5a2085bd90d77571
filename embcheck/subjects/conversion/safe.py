"""The shortest conversion that works, for one tensor or array."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch

# what `Tensor.numpy` hands over as it is; anything else goes through another dtype first
_NUMPY_HAS = frozenset({
    torch.float64, torch.float32, torch.float16, torch.complex64, torch.complex128, torch.int64, torch.int32,
    torch.int16, torch.int8, torch.uint8, torch.bool,
    *(getattr(torch, name) for name in ("uint16", "uint32", "uint64") if hasattr(torch, name)),
})  # fmt: skip
_SAMPLE = 4096
"""A line is verified on at most so many elements of a strided tensor."""


def is_wrapped(tensor: torch.Tensor) -> bool:
    """Whether the tensor stands in for others (vmap, torch.func, fake, functional) and has no values of its own."""
    if getattr(tensor, "fake_mode", None) is not None:
        return True
    if tensor.layout is not torch.strided or tensor.is_nested or tensor.is_meta or not tensor.numel():
        return False
    try:
        tensor.data_ptr()
    except RuntimeError:  # a wrapper has no memory to point to
        return True
    return False


def lacks_dtype(tensor: torch.Tensor) -> bool:
    """Whether numpy has no dtype for this tensor (quantized tensors are asked for by `is_quantized`)."""
    return tensor.dtype not in _NUMPY_HAS and not tensor.is_quantized


def to_numpy(expression: str, tensor: torch.Tensor) -> str:
    """The line that takes the tensor named `expression` to numpy; empty where there is none (no values)."""
    if is_wrapped(tensor) or tensor.is_meta:
        return ""
    before = ".detach()" if tensor.requires_grad else ""
    after = ""
    if tensor.device.type != "cpu":
        after += ".cpu()"
    if tensor.is_quantized:
        after += ".dequantize()"
    if tensor.is_nested:
        return f"[part{after}{_narrowed(tensor)}.numpy() for part in {expression}{before}.unbind()]"
    if tensor.layout is not torch.strided:
        after += ".to_dense()"
    if tensor.is_conj():
        after += ".resolve_conj()"
    if tensor.layout is torch.strided and tensor.is_neg():
        after += ".resolve_neg()"
    return f"{expression}{before}{after}{_narrowed(tensor)}.numpy()"


def _narrowed(tensor: torch.Tensor) -> str:
    """The step to a dtype that numpy has: the smallest that holds every value."""
    if not lacks_dtype(tensor):
        return ""
    if tensor.dtype.is_complex:
        return ".to(torch.complex64)"
    return ".float()" if tensor.dtype.is_floating_point and "float4" not in str(tensor.dtype) else ".view(torch.uint8)"


def to_torch(expression: str, array: np.ndarray[Any, Any], *, narrow: bool = False) -> str:
    """The line that takes the array named `expression` to torch; empty where no line can know what is meant.

    Args:
        expression: its name in code.
        array: the array.
        narrow: whether a float64 array goes into a float32 model.
    """
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in "fciub":
        same = kind == "O" and array.size and all(isinstance(row, np.ndarray) for row in array.reshape(-1))
        return f"torch.from_numpy(np.stack({expression}))" if same else ""
    change = ""
    if kind in "fc" and size > (16 if kind == "c" else 8):
        change = ".astype(np.complex128)" if kind == "c" else ".astype(np.float64)"
    elif kind == "u" and size > 1:
        change = ".astype(np.int64)"
    elif not array.dtype.isnative:
        change = f'.astype({expression}.dtype.newbyteorder("="))'
    elif not array.flags.writeable or any(s < 0 or s % size for s in array.strides):
        change = ".copy()"
    return f"torch.from_numpy({expression}{change})" + (".float()" if narrow else "")


def verified(line: str, name: str, value: torch.Tensor | np.ndarray[Any, Any]) -> bool:
    """Run the line on the value (or on a corner of it) and compare what comes out with its elements, one by one."""
    value = corner(value)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            # the line is made above from the value's properties alone; no user text is in it
            given = eval(line, {"torch": torch, "np": np, name: value})  # noqa: S307
        except Exception:  # noqa: BLE001 - a line that raises anything is not verified
            return False
    if isinstance(value, np.ndarray):
        return bool(torch.is_tensor(given)) and _same(given.tolist(), np.asarray(value.tolist()))
    if value.is_nested:
        return all(_same(g, p.detach().tolist()) for g, p in zip(given, value.unbind(), strict=True))
    if value.layout is not torch.strided or value.is_quantized:
        plain = value.detach().cpu()
        value = plain.dequantize() if plain.is_quantized else plain.to_dense()
    if line.endswith(".view(torch.uint8).numpy()"):
        return isinstance(given, np.ndarray) and given.dtype == np.uint8
    return isinstance(given, np.ndarray) and _same(given, value.detach().tolist())


def _same(given: Any, values: Any) -> bool:
    return bool(np.array_equal(np.asarray(given), np.asarray(values), equal_nan=np.asarray(values).dtype.kind in "fc"))


def corner(value: Any) -> Any:
    """A view of the first elements with the same device, dtype, gradient, bits and layout; all where no view exists."""
    if isinstance(value, torch.Tensor) and (value.is_nested or value.layout is not torch.strided):
        return value
    while value.ndim and (value.numel() if isinstance(value, torch.Tensor) else value.size) > _SAMPLE:
        axis = max(range(value.ndim), key=lambda i: value.shape[i])
        keep = (slice(None),) * axis + (slice(0, max(1, value.shape[axis] // 2)),)
        value = value[keep]
    return value
