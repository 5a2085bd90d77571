"""The optimizers that will train a model: given, or made by the user's own function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.user_code import importable, told
from embcheck.subjects.target import described, imported, names_code


def optimizers_of(given: Any, model: nn.Module | None) -> tuple[torch.optim.Optimizer, ...]:
    """The optimizers, made for `model` where `given` says how.

    Args:
        given: an optimizer; several in a list, tuple or mapping; a function that takes the model and returns one of
            these; a class of `torch.optim`, which gets ``model.parameters()``; or ``"package.module:function"``.
        model: the live model; None for a checkpoint.

    Raises:
        UsageError: it is none of these, it raised, or there is no live model.
    """
    if given is None:
        return ()
    if model is None:
        raise UsageError("An optimizer steps a live model: a checkpoint or a mapping of tensors has none.")
    said = repr(given) if isinstance(given, str) else "The optimizer given"
    if isinstance(given, str):
        if not names_code(given):
            raise UsageError(f"{said} names no optimizer: give package.module:function, which takes the model.")
        given = imported(given)
    made = given if _listed(given) is not None else _made(given, model, said)
    found = _listed(made)
    if found is None:
        raise UsageError(f"{said} is or returned {described(made)}, not a torch.optim.Optimizer.")
    return found


def _listed(value: Any) -> tuple[torch.optim.Optimizer, ...] | None:
    if isinstance(value, torch.optim.Optimizer):
        return (value,)
    inside: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
    if not isinstance(inside, Iterable) or isinstance(value, (str, bytes)):
        return None
    found = tuple(inside)
    return found if found and all(isinstance(v, torch.optim.Optimizer) for v in found) else None


def _made(how: Any, model: nn.Module, said: str) -> Any:
    if not callable(how):
        return how
    is_class = isinstance(how, type) and issubclass(how, torch.optim.Optimizer)
    try:
        with importable():
            return how(model.parameters()) if is_class else how(model)
    except (UsageError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise UsageError(f"{said} raised {told(error)}") from error
