"""One `.safetensors` file: the header is read, the tensors stay in the file."""

from __future__ import annotations

import json
import mmap
import warnings
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open

from embcheck.errors import UsageError
from embcheck.subjects.files.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2", "F8_E8M0": "float8_e8m0fnu", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8",
    "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool", "C64": "complex64",
}  # fmt: skip


def read_safetensors(path: Path) -> list[Stored]:
    """The tensors of one file, in the order of their bytes.

    The library validates the header (length, overlaps, holes, sizes against shapes); the bytes are mapped here, because
    the library's own mapping cannot give pages back.

    Raises:
        UsageError: the file is truncated, or its header is not what the format says.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            file.keys()
        with path.open("rb") as handle:
            length = int.from_bytes(handle.read(8), "little")
            header: Mapping[str, Any] = json.loads(handle.read(length))
            data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_COPY)
    except SafetensorError as error:
        raise UsageError(
            f"{path} is not a valid safetensors file ({error}): was it truncated while copying?"
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error
    rows = [(name, row) for name, row in header.items() if name != "__metadata__"]
    rows.sort(key=lambda item: item[1]["data_offsets"][0])
    return [_stored(name, row, data, 8 + length) for name, row in rows]


def _stored(name: str, row: Mapping[str, Any], data: mmap.mmap, base: int) -> Stored:
    shape = tuple(row["shape"])
    start, end = row["data_offsets"]
    spelled = _DTYPES.get(row["dtype"], row["dtype"])
    dtype = getattr(torch, spelled, None)
    if not isinstance(dtype, torch.dtype):
        return Stored(name, shape, spelled, None, reason=f"torch {torch.__version__} has no dtype {spelled}")

    def read() -> torch.Tensor:
        if end == start:
            return torch.empty(shape, dtype=dtype)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if (base + start) % dtype.itemsize:
                return torch.frombuffer(bytearray(data[base + start : base + end]), dtype=dtype).view(shape)
            count = (end - start) // dtype.itemsize
            return torch.frombuffer(data, dtype=dtype, offset=base + start, count=count).view(shape)

    return Stored(name, shape, spelled, read, mapped=not (base + start) % dtype.itemsize and end > start)
