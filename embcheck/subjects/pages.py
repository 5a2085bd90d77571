"""Hand the pages of a memory-mapped file back to the system, so that memory does not grow with the file."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import sys
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

_DONTNEED = 4
_PAUSE = 0.001
"""Seconds between two sweeps: at 5 GB/s, 20 MB stay resident."""


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
    """Forget the pages under a tensor that lies in a private, unmodified file mapping; the next access reads them
    again.

    A tensor in ordinary memory would be zeroed by this: only `Stored` tensors that were mapped come here. Does nothing
    off Linux, where the system reclaims clean pages by itself when it needs them.
    """
    function = _madvise()
    if function is None or not tensor.numel():
        return
    storage = tensor.untyped_storage()
    first = tensor.data_ptr()
    last = min(first + tensor.numel() * tensor.element_size(), storage.data_ptr() + storage.nbytes())
    start = first - first % mmap.PAGESIZE
    function(start, last - start, _DONTNEED)


@contextlib.contextmanager
def kept_low(tensor: torch.Tensor) -> Iterator[None]:
    """While checks walk over a mapped tensor, forget its pages again and again from a thread beside them.

    Whoever reads a page that was just forgotten gets it from the system's file cache again: the numbers are the same,
    and what is resident is what was read in the last few hundredths of a second.
    """
    done = threading.Event()

    def sweep() -> None:
        while not done.wait(_PAUSE):
            drop(tensor)

    thread = threading.Thread(target=sweep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        drop(tensor)
