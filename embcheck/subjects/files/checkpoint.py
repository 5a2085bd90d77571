"""A path to a checkpoint, opened: which reader it needs, and its tensors, none of them read yet."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from embcheck.subjects.files.stored import Stored

_PICKLED = frozenset({".pt", ".pth", ".bin", ".ckpt"})
_ARRAYS = frozenset({".npy", ".npz"})
_TRAINING = re.compile(r"^(optimizer|scheduler|training_args|training_state|rng_state\w*|scaler|random_states\w*)\b")
"""Files that trainers put beside a model's, by the beginning of their names."""
_INDEX = ".index.json"
_LARGEST_INDEX = 100 << 20


def open_checkpoint(path: str | Path) -> list[Stored]:
    """The tensors of a `.safetensors`, a sharded `*.index.json`, a `.pt`/`.pth`/`.bin`, a `.npy`, or a folder of them.

    Raises:
        UsageError: there is no such file, its kind is unknown, or it is broken; one sentence.
    """
    path = Path(path)
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise UsageError(f"{path} is no file that can be read twice." if path.exists() else f"{path} does not exist.")
    if path.stat().st_size == 0:
        raise UsageError(f"{path} is empty.")
    _refuse_stand_in(path)
    if path.name.endswith(_INDEX):
        return _sharded(path)
    if path.suffix == ".safetensors":
        from embcheck.subjects.files.safetensors_file import read_safetensors

        return _some(read_safetensors(path), path)
    if path.suffix in _PICKLED:
        from embcheck.subjects.files.pickled import read_pickled

        return read_pickled(path)
    if path.suffix in _ARRAYS:
        from embcheck.subjects.files.arrays_file import read_arrays

        return _some(read_arrays(path), path)
    raise UsageError(
        f"{path} is of no known kind: give .safetensors, *.index.json, .pt, .pth, .bin, .npy, .npz, or a "
        "torch.distributed.checkpoint folder."
    )


def _refuse_stand_in(path: Path) -> None:
    """What a failed download leaves under the name of a checkpoint."""
    try:
        with path.open("rb") as file:
            start = file.read(256).lstrip()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None
    if start.startswith(b"version https://git-lfs"):
        raise UsageError(f"{path} is a pointer of Git LFS, not the file itself: run `git lfs pull`.")
    if start[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise UsageError(f"{path} is a web page, not a checkpoint: the download failed.")


def _some(found: list[Stored], path: Path) -> list[Stored]:
    if not found:
        raise UsageError(f"{path} holds no tensors.")
    return found


def _folder(path: Path) -> list[Stored]:
    if (path / ".metadata").is_file():
        from embcheck.subjects.files.distributed import read_distributed

        return read_distributed(path)
    for pattern in (f"*{_INDEX}", "*.safetensors", "*.bin", "*.pt", "*.pth"):
        files = sorted(p for p in path.glob(pattern) if p.is_file() and not _TRAINING.match(p.name))
        if len(files) > 1:
            named = ", ".join(p.name for p in files[:4])
            raise UsageError(f"{path} holds several checkpoints ({named}): name the one to look at.")
        if files:
            return open_checkpoint(files[0])
    raise UsageError(
        f"{path} holds no checkpoint: no .metadata, *.index.json, *.safetensors, *.bin, *.pt or *.pth in it."
    )


def _sharded(index: Path) -> list[Stored]:
    """Every shard is opened; every name must be where the index says."""
    if index.stat().st_size > _LARGEST_INDEX:
        raise UsageError(f"{index} is larger than any index: is it the right file?")
    try:
        mapping = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        pairs = {str(name): str(file) for name, file in mapping.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{index} is not an index of shards (it needs a 'weight_map'): {type(error).__name__}."
        ) from error
    root = index.parent.resolve()
    found: dict[str, Stored] = {}
    for file in dict.fromkeys(pairs.values()):
        shard = _inside(root, file, index)
        for stored in open_checkpoint(shard):
            found[stored.name] = stored
    missing = [name for name in pairs if name not in found]
    if missing:
        raise UsageError(f"{index} names {missing[0]!r} in {pairs[missing[0]]!r}, which does not hold it.")
    return _some([found[name] for name in pairs], index)


def _inside(root: Path, file: str, index: Path) -> Path:
    """The shard, which must lie in the index's own folder or below."""
    absolute = PurePosixPath(file).is_absolute() or PureWindowsPath(file).is_absolute() or PureWindowsPath(file).drive
    if absolute or ".." in PurePosixPath(file.replace("\\", "/")).parts or "\0" in file or not file:
        raise UsageError(f"{index} names the shard {file!r}, which lies outside of its folder.")
    path = root / file
    if not path.is_file():
        raise UsageError(f"{index} names the shard {file!r}, which is not there: download all shards.")
    if path.name.endswith(_INDEX):
        raise UsageError(f"{index} names another index, {file!r}, as a shard.")
    return path  # a symbolic link out of the folder is the file system's decision: model hubs store shards so
