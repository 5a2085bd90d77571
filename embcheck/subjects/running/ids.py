"""The ids that the user's data looks up in its tables: from a file, a function or Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from embcheck.errors import UsageError
from embcheck.subjects.running.user_code import first_line, importable, told
from embcheck.subjects.target import imported, names_code

_KNOWN = ".txt (whole numbers), .json, .npy, .npz, .pt or package.module:function"


def ids_of(given: Any) -> torch.Tensor | dict[str, torch.Tensor] | None:
    """The ids, for every table or by the name of the table.

    Args:
        given: ids as a tensor, array or sequence; a mapping of a table's name to such; a function that gives one of
            these; or text: ``package.module:function``, or a file. A text file holds whole numbers between blanks,
            commas or line ends; a JSON file a list or an object of lists; ``.npz`` and ``.pt`` may hold several tables.

    Returns:
        one int64 vector on the CPU, or one for each name; None for None.

    Raises:
        UsageError: the file or function cannot be used, or something in it is no whole number.
    """
    if given is None:
        return None
    said = f"The ids in {given}" if isinstance(given, (str, Path)) else "The ids given"
    typed = isinstance(given, (str, Path))
    if isinstance(given, (str, Path)):
        given = imported(str(given)) if names_code(given) else _file(Path(given))
    if callable(given) and not isinstance(given, torch.Tensor):
        try:
            with importable():
                given = given()
        except Exception as error:
            raise UsageError(f"{said} cannot be made: {told(error)}") from error
    if isinstance(given, Mapping):
        return {str(name): _whole(ids, f"{said} for {name}") for name, ids in given.items()}
    found = _whole(given, said)
    if typed and not found.numel():
        raise UsageError(f"{said} are none: give {_KNOWN}.")
    return found


def _file(path: Path) -> Any:
    if not path.is_file():
        raise UsageError(f"There is no file {path} of ids: give {_KNOWN}.")
    try:
        if path.suffix in {".npy", ".npz"}:
            held = np.load(path, allow_pickle=False)
            return dict(held.items()) if path.suffix == ".npz" else held
        if path.suffix in {".pt", ".pth"}:
            return torch.load(path, map_location="cpu", weights_only=True)
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if path.suffix == ".json" else [int(word) for word in text.replace(",", " ").split()]
    except Exception as error:
        raise UsageError(f"The ids in {path} cannot be read ({first_line(error)[:-1]}): give {_KNOWN}.") from error


def _whole(ids: Any, said: str) -> torch.Tensor:
    try:
        held = ids if isinstance(ids, torch.Tensor) else torch.as_tensor(np.asarray(ids if _sized(ids) else list(ids)))
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(f"{said} are no whole numbers: {first_line(error)}") from None
    if (held.is_floating_point() or held.is_complex() or held.dtype == torch.bool) and held.numel():
        raise UsageError(f"{said} are {str(held.dtype).removeprefix('torch.')}, not whole numbers.")
    return held.detach().reshape(-1).long().cpu()


def _sized(ids: Any) -> bool:
    return hasattr(ids, "__array__") or isinstance(ids, (list, tuple, int))
