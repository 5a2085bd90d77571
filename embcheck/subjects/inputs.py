"""Inputs for one forward pass: the user's own, from a file or a function, or synthesised."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.target import first_line, importable, resolve

if TYPE_CHECKING:
    Inputs = tuple[Any, ...] | Mapping[str, Any]


def inputs_of(given: Any, model: nn.Module, seed: int = 0) -> tuple[Inputs, str]:
    """What to feed, and how to say it.

    Args:
        given: a tensor, a tuple, a mapping of keyword arguments, or a callable that gives one of these; as text:
            ``file.pt``, ``package.module:function``, or ``auto:8,128`` (a batch of that shape, made up: ids where the
            model starts with a table, else N(0, 1)).
        model: who will be fed.
        seed: of made-up inputs.

    Raises:
        UsageError: none of these, or the file or function cannot be used.
    """
    fed = "the inputs given"
    if isinstance(given, str):
        if given == "auto" or given.startswith("auto:"):
            return _made_up(given, model, seed)
        given, fed = _named(given), given
    if callable(given) and not isinstance(given, (torch.Tensor, nn.Module)):
        try:
            with importable():
                given = given()
        except Exception as error:
            raise UsageError(
                f"The function that makes the inputs raised {type(error).__name__}: {first_line(error)}"
            ) from error
    if isinstance(given, Mapping):
        return given, fed
    return (tuple(given) if isinstance(given, (tuple, list)) else (given,)), fed


def _named(text: str) -> Any:
    path = Path(text)
    if path.is_file():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return torch.load(path, map_location="cpu", weights_only=True)
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


def _made_up(text: str, model: nn.Module, seed: int) -> tuple[Inputs, str]:
    """A batch of the shape asked for; two inputs at least, so that they can be compared."""
    _, _, sizes = text.partition(":")
    try:
        shape = tuple(int(s) for s in sizes.split(",")) if sizes else ()
    except ValueError:
        raise UsageError(f"--input {text!r}: a shape is whole numbers, as in auto:8,128.") from None
    consumer = next((m for m in model.modules() if next(m.parameters(recurse=False), None) is not None), None)
    first = next(iter(model.parameters()), torch.empty(0))
    generator = torch.Generator().manual_seed(seed)
    if isinstance(consumer, (nn.Embedding, nn.EmbeddingBag)):
        shape = shape or (8, 16)
        ids = torch.randint(0, consumer.num_embeddings, shape, generator=generator).to(first.device)
        return (ids,), f"ids drawn uniformly from {consumer.num_embeddings}, shape {shape}"
    if not shape:
        shape = _natural(consumer)
    if not shape or min(shape) < 1:
        raise UsageError(f"--input {text!r}: the shape of the inputs cannot be guessed; give it, as in auto:8,3,32,32.")
    drawn = torch.randn(shape, generator=generator).to(first.device, first.dtype)
    return (drawn,), f"N(0, 1) draws of shape {shape}"


def _natural(consumer: nn.Module | None) -> tuple[int, ...]:
    if isinstance(consumer, nn.Linear):
        return (16, consumer.in_features)
    if isinstance(consumer, nn.modules.conv._ConvNd):  # noqa: SLF001 - torch has no public name for it
        return (8, consumer.in_channels, *([32] * len(consumer.kernel_size)))
    return ()
