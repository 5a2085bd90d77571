"""Weights that a layer computes before it uses them: under weight norm, spectral norm, pruning, a parametrization."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.nn.utils import parametrize
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from embcheck.subjects.inventory.held import Held, layer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import nn

    from embcheck.subjects.inventory.model import Inventory


def effective(found: Inventory) -> Iterator[Held]:
    """The computed weights of a live model, by the names that the layers give them; nothing is computed until read.

    `Held.kind` is ``computed``: they are no parameters, and only what was declared for them is asked of them.
    """
    for path, module in found.modules.items():
        for role, read in _computed(module):
            with torch.no_grad():
                now = read()
            name = f"{path}.{role}" if path else role
            yield Held(
                name=name,
                shape=tuple(now.shape),
                dtype=str(now.dtype).removeprefix("torch."),
                kind="computed",
                role=role,
                layer=layer_of(module, role, now.dim()),
                read=read,
                module=module,
                module_name=path,
                module_type=type(module).__name__,
                device=str(now.device),
                trainable=any(p.requires_grad for p in module.parameters()),
                persistent=False,
            )


def _computed(module: nn.Module) -> Iterator[tuple[str, Callable[[], torch.Tensor]]]:
    if parametrize.is_parametrized(module):
        yield from ((role, partial(_parametrized, module, role)) for role in module.parametrizations)  # type: ignore[union-attr]
    for hook in module._forward_pre_hooks.values():  # noqa: SLF001 - torch has no public name for it
        if isinstance(hook, WeightNorm):
            yield hook.name, partial(_hooked, partial(hook.compute_weight, module))
        elif isinstance(hook, SpectralNorm):
            yield hook.name, partial(_hooked, partial(hook.compute_weight, module, do_power_iteration=False))
        elif isinstance(hook, BasePruningMethod):
            yield hook._tensor_name, partial(_hooked, partial(hook.apply_mask, module))  # noqa: SLF001


def _hooked(compute: Callable[[], torch.Tensor]) -> torch.Tensor:
    with torch.no_grad():
        return compute().detach()


def _parametrized(module: nn.Module, role: str) -> torch.Tensor:
    """In evaluation mode: spectral norm iterates, and writes its vectors, only while training."""
    own = [m for m in module.parametrizations.modules() if m.training]  # type: ignore[union-attr]
    for m in own:
        m.training = False
    try:
        with torch.no_grad():
            weight: torch.Tensor = getattr(module, role)
        return weight.detach()
    finally:
        for m in own:
            m.training = True
