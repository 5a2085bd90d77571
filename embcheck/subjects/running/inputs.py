"""Inputs for one forward pass: the user's own, from a file or a function, or synthesised."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.synthetic import arranged, made_up
from embcheck.subjects.running.user_code import importable, told
from embcheck.subjects.target import resolve

if TYPE_CHECKING:
    Inputs = tuple[Any, ...] | Mapping[str, Any]


def inputs_of(given: Any, model: nn.Module, seed: int = 0) -> tuple[Inputs, str]:
    """What to feed, and how to say it.

    Args:
        given: a tensor, a tuple, a mapping of keyword arguments, or a callable that gives one of these; as text:
            ``file.pt`` (.npy, .npz, .safetensors), ``package.module:function``, ``auto``, or ``auto:8,128`` (a batch
            of that shape), made up: ids where the model starts with a table, else N(0, 1).
        model: who will be fed.
        seed: of made-up inputs.

    Raises:
        UsageError: none of these, or the file or function cannot be used.
    """
    fed, lone = "the inputs given", False
    if isinstance(given, str):
        if given == "auto" or given.startswith("auto:"):
            return made_up(given, model, seed)
        given, fed = _named(given), given
        lone = fed.endswith((".npz", ".safetensors"))
    if callable(given) and not isinstance(given, (torch.Tensor, nn.Module)):
        try:
            with importable():
                given = given()
        except Exception as error:
            raise UsageError(f"The function that makes the inputs raised {told(error)}") from error
    if isinstance(given, Mapping):
        return arranged(_fitting(given, model), model, lone), fed
    given = _fitting(given, model)
    return (tuple(given) if isinstance(given, (tuple, list)) else (given,)), fed


def _named(text: str) -> Any:
    path = Path(text)
    if path.is_file():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _read(path)
        except Exception as error:
            raise UsageError(
                f"The inputs in {text} cannot be read ({type(error).__name__}): save tensors, or a tuple or "
                "dict of them."
            ) from error
    found = resolve(text)
    if found.factory is None:
        raise UsageError(
            f"{text!r} is no function that makes inputs: give a file, package.module:function or auto:8,128."
        )
    return found.factory


def _read(path: Path) -> Any:
    """Tensors of a file of torch, numpy or safetensors."""
    if path.suffix == ".npy":
        return np.load(path, allow_pickle=False)
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            named = {name: arrays[name] for name in arrays.files}
        return tuple(named.values()) if all(name.startswith("arr_") for name in named) else named
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    return torch.load(path, map_location="cpu", weights_only=True)


def _fitting(given: Any, model: nn.Module) -> Any:
    """Arrays as tensors, where the model is; numpy's float64 in the model's own precision."""
    values = next((p for p in model.parameters() if p.is_floating_point() and not p.is_meta), None)
    device = values.device if values is not None else torch.device("cpu")
    if isinstance(given, np.ndarray):
        if given.dtype == object:
            raise UsageError("The inputs are an array of objects: give numbers.")
        t = torch.from_numpy(np.ascontiguousarray(given))
        if t.dtype == torch.float64 and values is not None:
            t = t.to(values.dtype)
        return t.to(device)
    if isinstance(given, torch.Tensor):
        return given.to(device)
    if type(given) in {tuple, list}:
        return type(given)(_fitting(v, model) for v in given)
    if isinstance(given, Mapping):
        return {k: _fitting(v, model) for k, v in given.items()} if type(given) is dict else given
    return given
