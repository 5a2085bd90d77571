"""Inputs that nobody gave: made up from what the model's first layers take."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.propagation.traced.undisturbed import as_before, copied, eager, lazy, materialized, unwrapped
from embcheck.subjects.running.user_code import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Candidate = tuple[torch.Tensor, str]

LENGTHS = (16, 64, 128)
SIDES = (32, 28, 64, 96, 128, 224, 256)
_LAZY = 64
_LAYERS = 8
"""How many of the first layers are asked what they take."""


def made_up(text: str, model: nn.Module, seed: int) -> tuple[tuple[torch.Tensor, ...], str]:
    """A batch for ``auto`` or ``auto:8,128``, and how to say what it is: ids drawn uniformly where a table comes first,
    else N(0, 1). Several different inputs, so that they can be compared.

    Without a shape, the first layers are asked in turn, and what the forward accepts is taken.

    Raises:
        UsageError: the shape is none, or nothing can be made up for this model.
    """
    _, _, sizes = text.partition(":")
    try:
        shape = tuple(int(s) for s in sizes.split(",")) if sizes else ()
    except ValueError:
        raise UsageError(f"--input {text!r}: a shape is whole numbers, as in auto:8,128.") from None
    if shape and min(shape) < 1:
        raise UsageError(f"--input {text!r}: the sizes of a shape are 1 or larger.")
    needed = required(model)
    if len(needed) > 1:
        raise UsageError(
            f"Inputs cannot be made up for {type(model).__name__}: its forward takes {' and '.join(needed)}; give "
            "--input FILE or package.module:function."
        )
    generator = torch.Generator().manual_seed(seed)
    refused = ""
    for drawn, said in _candidates(model, shape, generator):
        error = "" if shape else _raised(model, drawn)
        if not error:
            return (drawn,), said
        refused = refused or f"on {said} it raised {error}"
    if not refused:
        raise UsageError(f"--input {text!r}: the shape of the inputs cannot be guessed; give it, as in auto:8,3,32,32.")
    raise UsageError(
        f"Inputs cannot be made up for {type(model).__name__}: {refused}; give --input FILE, package.module:function "
        "or auto:8,3,32,32."
    )


def required(model: nn.Module) -> list[str]:
    """The parameters of the forward that have no default."""
    try:
        parameters = inspect.signature(unwrapped(model).forward).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        p.name
        for p in parameters
        if p.default is p.empty and p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}
    ]


def _candidates(model: nn.Module, shape: tuple[int, ...], generator: torch.Generator) -> Iterator[Candidate]:
    known = [m for m in model.modules() if _sizes(m)][:_LAYERS]
    values = next((p for p in model.parameters() if p.is_floating_point()), torch.empty(0))
    if shape and not known:
        known = [nn.Identity()]
    for layer in known[:1] if shape else known:
        for size in (shape,) if shape else _sizes(layer):
            if isinstance(layer, (nn.Embedding, nn.EmbeddingBag)):
                ids = torch.randint(0, layer.num_embeddings, size, generator=generator).to(values.device)
                yield ids, f"ids drawn uniformly from {layer.num_embeddings}, shape {size}"
            else:
                drawn = torch.randn(size, generator=generator).to(values.device, values.dtype)
                yield drawn, f"N(0, 1) draws of shape {size}"


def _sizes(layer: nn.Module) -> tuple[tuple[int, ...], ...]:
    """Shapes that a layer takes; none where it is not known."""
    if isinstance(layer, (nn.Embedding, nn.EmbeddingBag)):
        return (*((8, n) for n in LENGTHS), (16,))
    if isinstance(layer, nn.modules.conv._ConvNd):  # noqa: SLF001 - torch has no public name for it
        return _places(layer.in_channels, len(layer.kernel_size))
    if isinstance(layer, nn.Linear):
        return _vectors(layer.in_features)
    if isinstance(layer, (nn.RNNBase, nn.RNNCellBase)):
        n = layer.input_size
        return ((16, n),) if isinstance(layer, nn.RNNCellBase) else ((8, 16, n),)
    if isinstance(layer, nn.MultiheadAttention):
        return ((8, 16, layer.embed_dim),)
    if isinstance(layer, nn.LayerNorm):
        return ((16, *layer.normalized_shape), (8, 16, *layer.normalized_shape))
    if isinstance(layer, nn.BatchNorm1d):
        return _vectors(layer.num_features)
    if isinstance(layer, (nn.BatchNorm2d, nn.GroupNorm)):
        return _places(layer.num_channels if isinstance(layer, nn.GroupNorm) else layer.num_features, 2)
    return ()


def _vectors(n: int) -> tuple[tuple[int, ...], ...]:
    """A lazy layer takes any size."""
    return (16, n or _LAZY), (8, 16, n or _LAZY)


def _places(channels: int, dimensions: int) -> tuple[tuple[int, ...], ...]:
    """Images of usual sides; the cube of one is not usual."""
    sides = SIDES if dimensions < 3 else SIDES[:1]
    return tuple((8, channels or 3, *([side] * dimensions)) for side in sides)


def _raised(model: nn.Module, drawn: torch.Tensor) -> str:
    """What the forward raises on it, empty if nothing; the model is as before."""
    inside = unwrapped(model)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if lazy(inside):
                materialized(inside, (drawn,), {})
                return ""
            with as_before(inside), torch.no_grad(), eager(), torch.random.fork_rng(devices=[]):
                inside(copied(drawn))
    except Exception as error:  # noqa: BLE001 - whatever a forward raises means no
        return f"{type(error).__name__}: {first_line(error).rstrip('.')}"
    return ""


def arranged(given: Mapping[str, Any], model: nn.Module, lone: bool = False) -> tuple[Any, ...] | Mapping[str, Any]:
    """Named inputs as keyword arguments; as one argument where the forward takes the mapping itself. With `lone`, the
    name of a single tensor need not mean anything (a file format asked for one).

    Raises:
        UsageError: the names are none of the forward's.
    """
    try:
        parameters = inspect.signature(unwrapped(model).forward).parameters.values()
    except (TypeError, ValueError):
        return given
    names = [p.name for p in parameters if p.kind in {p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}]
    if set(given) <= set(names) or any(p.kind is p.VAR_KEYWORD for p in parameters):
        return given
    if lone and len(given) == 1:
        return tuple(given.values())
    needed = required(model)
    if len(needed) == 1 and needed[0] not in given:
        return (given,)
    raise UsageError(
        f"The inputs are named {', '.join(map(str, given))}, and the forward of {type(model).__name__} takes "
        f"{', '.join(names) or 'no names'}: name them alike, or give a tuple."
    )
