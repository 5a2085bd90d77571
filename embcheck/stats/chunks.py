"""Any tensor as a stream of flat, contiguous pieces of bounded size, on its own device."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import torch

from embcheck.errors import Unsupported
from embcheck.stats.grid import Grid, grid_of

Source = torch.Tensor | Callable[[], Iterable[torch.Tensor]]
"""A tensor, or a function that gives the parts of one (slices of a file, shards) anew each time it is called."""

DEVICE_CHUNK = 1 << 25
"""Elements looked at together on an accelerator: large enough to hide the launches, 128 MB of float32."""


def parts(source: Source) -> Iterable[torch.Tensor]:
    """The tensors that make up a source."""
    return (source,) if isinstance(source, torch.Tensor) else source()


def real(tensor: torch.Tensor) -> list[torch.Tensor]:
    """A tensor as dense tensors of real numbers that hold the same values, nothing copied where none is needed.

    Complex numbers become their real and imaginary parts, quantized ones their decoded values (float32), a sparse
    tensor its stored values and one zero, expanded to all the zeros that it leaves out; a nested one its components.

    Raises:
        Unsupported: there are no values to look at (meta, fake and uninitialised lazy tensors, packed dtypes).
    """
    if tensor.is_meta or _is_fake(tensor):
        raise Unsupported("The tensor is on the meta device and has no values; materialise it first (to_empty).")
    if torch.nn.parameter.is_lazy(tensor):
        raise Unsupported("The parameter is lazy and has no values yet; run the module on one batch first.")
    tensor = tensor.detach()
    if tensor.is_nested:
        return [piece for component in tensor.unbind() for piece in real(component)]
    if tensor.layout == torch.sparse_coo:
        tensor = tensor.coalesce()
    if tensor.layout is not torch.strided:
        if tensor.is_mkldnn:
            return real(tensor.to_dense())
        stored = tensor.values()
        absent = tensor.numel() - stored.numel()
        zeros = [torch.zeros((), dtype=stored.dtype, device=stored.device).expand(absent)] if absent else []
        return [piece for part in (stored, *zeros) for piece in real(part)]
    if tensor.is_quantized:
        return [tensor]
    if tensor.is_complex():
        return [torch.view_as_real(tensor.resolve_conj())]
    grid_of(tensor.dtype)
    return [tensor]


def computable(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor where there is float64: itself, or a copy on the host if its device has none (Apple's have not)."""
    return tensor if tensor.is_cpu or _has_float64(tensor.device) else tensor.cpu()


def wide(tensor: torch.Tensor) -> torch.Tensor:
    """In float64 where its device has that, else in float32: for sums that stay on the device."""
    return tensor.double() if tensor.is_cpu or _has_float64(tensor.device) else tensor.float()


@cache
def _has_float64(device: torch.device) -> bool:
    try:
        torch.empty(1, dtype=torch.float64, device=device)
    except (RuntimeError, TypeError):
        return False
    return True


def _is_fake(tensor: torch.Tensor) -> bool:
    # a fake tensor claims a real device; its class is looked up by name so as not to import torch._subclasses
    return type(tensor).__name__ in ("FakeTensor", "FunctionalTensor")


def flat(tensor: torch.Tensor) -> torch.Tensor | None:
    """All elements as one contiguous view in storage order, or None if they do not lie side by side."""
    if tensor.dim() == 0:
        return tensor.reshape(1)
    order = sorted(range(tensor.dim()), key=tensor.stride, reverse=True)
    permuted = tensor.permute(order)
    return permuted.view(-1) if permuted.is_contiguous() else None


def chunks(tensor: torch.Tensor, size: int) -> Iterator[torch.Tensor]:
    """Flat contiguous pieces of at most `size` elements that together hold every element once, in any order."""
    whole = flat(tensor)
    if whole is not None:
        yield from torch.split(whole, size) if whole.numel() else ()
    elif tensor.numel() <= size:
        yield tensor.reshape(-1)
    else:
        inner = tensor.numel() // tensor.shape[0]
        rows = max(1, size // inner)
        for start in range(0, tensor.shape[0], rows):
            piece = tensor[start : start + rows]
            yield from chunks(piece[0] if rows == 1 else piece, size)


def ready(chunk: torch.Tensor, grid: Grid) -> torch.Tensor:
    """A chunk with its lazy bits resolved, decoded, and in the dtype of the grid."""
    if chunk.is_quantized:
        chunk = chunk.dequantize()
    return chunk.resolve_neg().to(grid.dtype)
