"""Where a saved mapping keeps its weights: under which keys, and beside what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from embcheck.errors import UsageError

WRAPPERS = ("state_dict", "model_state_dict", "model", "module", "net", "network")
"""Keys under which training scripts save a model's state dict, beside epoch and optimizer."""
TRAINING = re.compile(
    r"^(optim\w*|lr_sched\w*|scheduler\w*|schedulers|scaler\w*|grad_scaler|rng\w*|random\w*|loops|callbacks|"
    r"hyper_parameters|train_state|dataloader\w*)$"
)
"""Keys of a training run's state that is no model's."""
_DEPTH = 6


def weights_of(saved: Mapping[Any, Any]) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """The tensors of a saved mapping by dotted names, wrappers taken off.

    Returns:
        the weights, and what was left out, with the reason: other models beside the wrapper that was taken.

    Raises:
        UsageError: it is the state of an optimizer.
    """
    if set(saved) == {"state", "param_groups"}:
        raise UsageError("holds the state of an optimizer and no weights: name the model's own file")
    left: dict[str, str] = {}
    while wrapper := next((w for w in WRAPPERS if isinstance(saved.get(w), Mapping) and any(flat(saved[w]))), None):
        for key, value in saved.items():
            if key != wrapper and isinstance(value, Mapping) and not TRAINING.match(str(key)) and any(flat(value)):
                left[str(key)] = f"it lies beside {wrapper!r}, which was taken"
        saved = saved[wrapper]
    return named(item for item in flat(saved)), left


def named(pairs: Iterator[tuple[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """By name; a name that comes again (the keys 0 and "0") gets a number."""
    found: dict[str, torch.Tensor] = {}
    for name, tensor in pairs:
        unique, count = name, 1
        while unique in found:
            count += 1
            unique = f"{name}#{count}"
        found[unique] = tensor
    return found


def flat(value: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, torch.Tensor]]:
    """The tensors of nested mappings and sequences, with dotted names; nothing below the sixth level."""
    if isinstance(value, torch.Tensor):
        yield prefix, value
    elif depth < _DEPTH and isinstance(value, (Mapping, list, tuple)):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            if depth == 0 and not isinstance(item, torch.Tensor) and TRAINING.match(str(key)):
                continue
            yield from flat(item, f"{prefix}.{key}" if prefix else str(key), depth + 1)


def bare(names: list[str]) -> dict[str, str]:
    """Of flat names, those of a model: the training run's state left out, a wrapper that all the rest share taken off.

    Returns:
        name as it is saved, to name in the model.
    """
    own = [n for n in names if not any(TRAINING.match(part) for part in n.split(".")[:2])] or names
    short = {n: n for n in own}
    if len(own) == len(names):
        return short  # nothing was saved beside it: the model may well call its own part "model"
    for wrapper in ("app", *WRAPPERS):
        if all(n.startswith(f"{wrapper}.") for n in short.values()):
            short = {n: s.removeprefix(f"{wrapper}.") for n, s in short.items()}
    return short
