"""Hand the pages of a memory-mapped file back to the system, so that memory does not grow with the file."""

from __future__ import annotations

import ctypes
import mmap
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_DONTNEED = 4
_BLOCK = 2 << 20


@cache
def _madvise() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).madvise
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    function.restype = ctypes.c_int
    return function


def drop(tensor: torch.Tensor) -> None:
    """Forget the pages under a tensor that lies in a private, unmodified file mapping, and those beside it; the next
    access reads them again.

    The system maps up to 2 MB around the page that is looked at, so that whole blocks are handed back. A tensor in
    ordinary memory would be zeroed by this: only `Stored` tensors that were mapped come here. Does nothing off Linux,
    where the system reclaims clean pages by itself when it needs them.
    """
    function = _madvise()
    if function is None or not tensor.numel():
        return
    storage = tensor.untyped_storage()
    first, start = tensor.data_ptr(), storage.data_ptr()
    last = first + tensor.numel() * tensor.element_size()
    low = max(first - first % _BLOCK, start - start % mmap.PAGESIZE)
    high = min(last + -last % _BLOCK, start + storage.nbytes())
    function(low, high - low, _DONTNEED)
