"""`.npy` and `.npz` files of numpy, read without pickles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from embcheck.errors import UsageError
from embcheck.subjects.files.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read_arrays(path: Path) -> list[Stored]:
    """The array of a `.npy` file, under the file's name, or those of a `.npz`, under theirs.

    Raises:
        UsageError: it is broken, or holds Python objects.
    """
    try:
        if path.suffix == ".npy":
            held: np.ndarray[Any, Any] = np.load(path, mmap_mode="c", allow_pickle=False)
            return [_stored(path.stem, held.shape, held.dtype, lambda: held)]
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return [_entry(path, archive, name) for name in archive.files]
    except Exception as error:  # the header is Python text, and its parser raises what it likes
        objects = "pickle" in str(error) or "Python objects" in str(error)
        why = "it holds Python objects" if objects else f"{type(error).__name__}: it may be damaged"
        raise UsageError(f"{path} cannot be read as an array of numpy ({why}).") from error


def _entry(path: Path, archive: Any, name: str) -> Stored:
    """One array of a `.npz`: its header is read now, its values when they are asked for."""
    with archive.zip.open(name if name in archive.zip.namelist() else f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = header(file)

    def load() -> Any:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as opened:
            return opened[name]

    return _stored(name, shape, dtype, load)


def _stored(name: str, shape: tuple[int, ...], dtype: np.dtype[Any], load: Callable[[], Any]) -> Stored:
    native = dtype.newbyteorder("=")
    try:
        kind = str(torch.from_numpy(np.empty(0, dtype=native)).dtype).removeprefix("torch.")
    except TypeError:
        return Stored(name, tuple(shape), str(dtype), None, reason=f"torch has no dtype {dtype}")

    def read() -> torch.Tensor:
        try:
            array = np.ascontiguousarray(load(), dtype=native).reshape(shape)
        except Exception as error:
            raise UsageError(f"The array {name!r} cannot be read ({type(error).__name__}): is it damaged?") from error
        return torch.from_numpy(array)

    return Stored(name, tuple(shape), kind, read)
