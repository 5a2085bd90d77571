"""One pass over a source: every chunk is seen once, by as many threads as torch would use."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

import torch

from embcheck.stats import walk
from embcheck.stats.chunks import DEVICE_CHUNK, chunks, computable, parts, ready, real
from embcheck.stats.grid import Grid, grid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from embcheck.stats.chunks import Source

_ALONE = 1 << 20
"""Elements below which starting threads costs more than it saves."""
_MOST_THREADS = 8
"""Each thread has its own buffers; memory stays bounded on large machines."""


class Gatherer(Protocol):
    """What sees the chunks in one thread."""

    def add(self, values: torch.Tensor) -> None:
        """See one chunk: shape (m,), contiguous, in the grid's dtype."""
        ...


G = TypeVar("G", bound=Gatherer)


def grid_for(tensor: torch.Tensor) -> Grid:
    """The grid on which a real tensor is counted; a quantized one is decoded to float32 first."""
    return grid_of(torch.float32 if tensor.is_quantized else tensor.dtype)


def grid_of_source(source: Source) -> Grid:
    """The grid of a source's first part (float32's for a source without parts)."""
    for part in parts(source):
        for tensor in real(part):
            return grid_for(tensor)
    return grid_of(torch.float32)


def over(source: Source, make: Callable[[], G], host_chunk: int) -> list[G]:
    """Show every chunk of a source to one of the gatherers that `make` makes, one a thread.

    Torch's own threads are set to one meanwhile, so that the operations on a chunk do not split it again.

    Args:
        source: a tensor or a function that gives its parts.
        make: makes an empty gatherer.
        host_chunk: largest chunk on a CPU; accelerators take `DEVICE_CHUNK`.

    Returns:
        the gatherers, one or more; what they saw together is the source.
    """
    todo = _Queue(_stream(source, host_chunk))
    first = make()
    threads = torch.get_num_threads()
    try:
        if not _alone(todo, first, threads):
            return [first]
        gatherers = [first, *(make() for _ in range(min(threads, _MOST_THREADS) - 1))]
        with ThreadPoolExecutor(len(gatherers)) as pool:
            for future in [pool.submit(_work, todo, gatherer) for gatherer in gatherers]:
                future.result()
    finally:
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
    return gatherers


def _alone(todo: _Queue, gatherer: Gatherer, threads: int) -> bool:
    """Work in this thread until others would help; whether anything may be left."""
    seen = 0
    with torch.no_grad():
        while threads == 1 or seen < _ALONE:
            item = todo.take()
            if item is None:
                return False
            if item[0].is_cpu:  # work on an accelerator is queued, and a second thread would only wait with the first
                seen += item[0].numel()
                torch.set_num_threads(1)
            _show(gatherer, *item)
    return True


def _work(todo: _Queue, gatherer: Gatherer) -> None:
    torch.set_num_threads(1)
    with torch.no_grad():
        while (item := todo.take()) is not None:
            _show(gatherer, *item)


def _show(gatherer: Gatherer, chunk: torch.Tensor, grid: Grid) -> None:
    gatherer.add(ready(computable(chunk), grid))
    walk.leave(chunk)


def _stream(source: Source, host_chunk: int) -> Iterator[tuple[torch.Tensor, Grid]]:
    for part in parts(source):
        for tensor in real(part):
            grid = grid_for(tensor)
            for chunk in chunks(tensor, host_chunk if tensor.is_cpu else DEVICE_CHUNK):
                yield chunk, grid


class _Queue:
    """An iterator that several threads take from."""

    def __init__(self, items: Iterable[tuple[torch.Tensor, Grid]]) -> None:
        self._items = iter(items)
        self._lock = threading.Lock()

    def take(self) -> tuple[torch.Tensor, Grid] | None:
        """The next item, or None after the last."""
        with self._lock:
            return next(self._items, None)
