"""A weight that was initialised is computed anew by the next forward.

## What it checks
Layers under `weight_norm`, `spectral_norm` (the hook versions) or pruning: whether the weight that the layer shows is
the one that its hook will compute from the stored parts.

## Why it matters
`nn.init.xavier_uniform_(layer.weight)` after `weight_norm(layer)` writes into a computed copy. It looks right until the
first forward, which puts the old values back.

## How it decides
Certain: `weight_norm` gives g v / ||v|| and pruning gives weight_orig times mask, up to 1e-5 of the largest element;
under `spectral_norm` the weight must be proportional to weight_orig. Where the parts were written in place and the
weight shown was not (torch counts that), it is merely old, and passes.

## How to fix
Initialise before wrapping, or initialise the stored parts: `weight_v` (and set `weight_g` to its norm), `weight_orig`.

## Example
`conv = weight_norm(nn.Conv1d(8, 8, 3)); nn.init.kaiming_normal_(conv.weight)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_ROUNDING = 1e-5


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the weights shown with the weights to come."""
    census: Census = subject.value
    if census.inventory is None:
        return
    for path, module in census.inventory.modules.items():
        for role, shown in list(vars(module).items()):
            if not isinstance(shown, torch.Tensor):
                continue
            to_come = _to_come(module, role, shown.detach())
            if to_come is None or to_come.shape != shown.shape:
                continue
            scale = max(float(to_come.abs().max()), 1e-30)
            off = float((shown.detach() - to_come).abs().max()) / scale
            if _parts_written(module, role, shown):
                off = 0.0  # what is shown is old, and nothing that was written is lost
            name = f"{path}.{role}" if path else role
            stored = "_v" if f"{role}_v" in module._parameters else "_orig"  # noqa: SLF001 - torch has no public name for it
            yield Evidence(
                f"it differs by {off:.2g} of its scale from what the next forward will compute from {role}{stored}"
                if off > _ROUNDING
                else "it is what the next forward will compute",
                measured=off, expected=0.0, allowed=_ROUNDING, n=shown.numel(), part=name, holds=off <= _ROUNDING,
                fix=_fix(name, stored) if off > _ROUNDING else "",
            )  # fmt: skip


def _parts_written(module: nn.Module, role: str, shown: torch.Tensor) -> bool:
    """Whether the stored parts were written in place (initialised, loaded, trained) and the weight shown was not."""
    # torch keeps the counters of in-place writes under private names and offers no other
    parts = (module._parameters.get(f"{role}{ending}") for ending in ("_g", "_v", "_orig"))  # noqa: SLF001
    return shown._version == 0 and any(p is not None and p._version > 0 for p in parts)  # noqa: SLF001


def _fix(name: str, stored: str) -> str:
    """Weight norm: the direction, then the norm that it has now; the others: the original."""
    shown = spelled(name)
    if stored == "_orig":
        return f"nn.init.xavier_uniform_({shown}_orig)"
    return (
        f"nn.init.xavier_uniform_({shown}_v); "
        f"{shown}_g.data.copy_(torch.norm_except_dim({shown}_v.data))  # for weight_norm's default dim of 0"
    )


def _to_come(module: nn.Module, role: str, shown: torch.Tensor) -> torch.Tensor | None:
    """What the layer's hook will put there; None if there is no hook that embcheck knows."""
    own = module._parameters  # noqa: SLF001 - torch has no public name for it
    if own.get(f"{role}_g") is not None and own.get(f"{role}_v") is not None:
        g, v = own[f"{role}_g"].detach(), own[f"{role}_v"].detach()  # type: ignore[union-attr]
        dims = [d for d in range(v.dim()) if g.dim() == 0 or g.shape[d] == 1 < v.shape[d]]
        norm = v.norm() if g.dim() == 0 else torch.linalg.vector_norm(v, dim=dims, keepdim=True) if dims else v.abs()
        return v * (g / norm)
    original = own.get(f"{role}_orig")
    if original is None:
        return None
    mask = module._buffers.get(f"{role}_mask")  # noqa: SLF001 - torch has no public name for it
    if mask is not None:
        return original.detach() * mask
    if module._buffers.get(f"{role}_u") is not None:  # spectral norm: any positive factor  # noqa: SLF001 - torch has no public name for it
        o = original.detach()
        factor = float((shown * o).sum() / (o * o).sum().clamp_min(1e-30))
        return o * factor
    return None
