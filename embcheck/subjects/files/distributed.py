"""A `torch.distributed.checkpoint` folder, read tensor by tensor in one process."""

from __future__ import annotations

import io
import logging
import math
import pickle
import warnings
from typing import TYPE_CHECKING, Any

import torch

from embcheck.errors import UsageError
from embcheck.subjects.files.nesting import bare
from embcheck.subjects.files.stored import Stored

if TYPE_CHECKING:
    from pathlib import Path

_ALLOWED = {
    ("collections", "OrderedDict"), ("torch", "Size"), ("torch", "device"), ("torch.serialization", "_get_layout"),
    ("torch._C", "_get_layout"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"), ("pathlib", "PurePosixPath"),
    ("pathlib", "Path"), ("pathlib._local", "PosixPath"), ("pathlib._local", "PurePosixPath"), ("builtins", "set"),
}  # fmt: skip
_MODULES = frozenset({"torch.distributed.checkpoint.metadata", "torch.distributed.checkpoint.filesystem"})


class _CodeError(Exception):
    """The metadata names something that no checkpoint has."""


class _Careful(pickle.Unpickler):
    """`.metadata` is a pickle: only the plain records that torch writes there are let through."""

    def find_class(self, module: str, name: str) -> Any:
        records = module in _MODULES and name in _RECORDS
        dtype = module == "torch" and isinstance(getattr(torch, name, None), torch.dtype)
        if records or dtype or (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise _CodeError(f"{module}.{name}")


_RECORDS = frozenset(
    {"Metadata", "MetadataIndex", "TensorStorageMetadata", "BytesStorageMetadata", "ChunkStorageMetadata",
     "TensorProperties", "StorageMeta", "_MEM_FORMAT_ENCODING", "_StorageInfo", "_StoragePrefix"}
)  # fmt: skip


def read_distributed(folder: Path) -> list[Stored]:
    """The tensors of a folder that `torch.distributed.checkpoint.save` wrote.

    Raises:
        UsageError: the metadata is broken, holds code, or names files outside of the folder.
    """
    try:
        metadata = _Careful(io.BytesIO((folder / ".metadata").read_bytes())).load()
        rows = dict(metadata.state_dict_metadata)
        files = {info.relative_path for info in (metadata.storage_data or {}).values()}
    except _CodeError as error:
        raise UsageError(
            f"{folder / '.metadata'} holds what no checkpoint holds ({error}) and is not opened."
        ) from error
    except Exception as error:
        raise UsageError(f"{folder / '.metadata'} cannot be read ({type(error).__name__}): is it damaged?") from error
    root = folder.resolve()
    for name in files:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise UsageError(f"{folder / '.metadata'} names {name!r}, which lies outside of the folder.")
        if not path.is_file():
            raise UsageError(f"{folder} lacks {name!r}, which its metadata names: copy the whole folder.")
    found = []
    tensors = {name: row for name, row in rows.items() if hasattr(row, "size")}  # the rest is bytes, never opened
    for name, short in bare(list(tensors)).items():
        row = tensors[name]
        dtype = row.properties.dtype
        shape = tuple(row.size)
        if wrong := _contradiction(row, shape, dtype, sum((root / file).stat().st_size for file in files)):
            raise UsageError(f"{folder / '.metadata'} contradicts itself about {name!r} ({wrong}): is it damaged?")
        spelled = str(dtype).removeprefix("torch.")
        found.append(Stored(short, shape, spelled, _reader(folder, metadata, name, shape, dtype)))
    if not found:
        raise UsageError(f"{folder} holds no tensors.")
    return found


def _contradiction(row: Any, shape: tuple[int, ...], dtype: torch.dtype, stored: int) -> str:
    """What cannot be: pieces that do not make up the tensor, or more numbers than compression by 1,000 could hold."""
    numel = math.prod(shape)
    pieces = sum(math.prod(chunk.sizes) for chunk in row.chunks)
    if min(shape, default=0) < 0 or pieces != numel:
        return f"its pieces hold {pieces} numbers and it has {numel}"
    return f"{numel} numbers cannot be in {stored} bytes" if numel * dtype.itemsize > 1000 * stored else ""


def _reader(folder: Path, metadata: Any, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> Any:
    def read() -> torch.Tensor:
        from torch.distributed.checkpoint.filesystem import FileSystemReader
        from torch.distributed.checkpoint.state_dict_loader import load

        class Reader(FileSystemReader):
            def read_metadata(self, *_args: Any, **_kwargs: Any) -> Any:
                return metadata

        logging.getLogger("torch.distributed.checkpoint").setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                into = {name: torch.empty(shape, dtype=dtype)}
                load(into, storage_reader=Reader(str(folder)))
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # torch's CheckpointException is no Exception
                raise UsageError(
                    f"{name} of {folder} cannot be read ({type(error).__name__}): is it damaged?"
                ) from error
        return into[name]

    return read
