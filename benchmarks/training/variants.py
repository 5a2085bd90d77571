"""What people save of a trained model: casts, averages, pruned and quantised copies, adapters, whole training states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator


def variants(
    state: dict[str, torch.Tensor], average: dict[str, torch.Tensor], optimizer: torch.optim.Optimizer
) -> Iterator[tuple[str, object]]:
    """Name and what `torch.save` gets."""
    yield "as it is", state
    yield "moving average", average
    yield "bfloat16", {k: v.bfloat16() if v.is_floating_point() else v for k, v in state.items()}
    yield "float16", {k: v.half() if v.is_floating_point() else v for k, v in state.items()}
    yield "pruned by size", {k: _pruned(v) if v.dim() > 1 else v for k, v in state.items()}
    yield "units pruned", {k: _without_rows(v) if v.dim() > 1 else v for k, v in state.items()}
    yield "int8 and back", {k: _int8(v) if v.dim() > 1 else v for k, v in state.items()}
    yield "4 bits in groups and back", {k: _int4(v) if v.dim() > 1 else v for k, v in state.items()}
    yield "training state", {"epoch": 3, "model": state, "optimizer": optimizer.state_dict()}
    yield "fine-tuned with LoRA, merged", {k: v + _low_rank(v) if v.dim() == 2 else v for k, v in state.items()}
    yield "fine-tuned with LoRA, adapters kept", {**state, **_adapters(state)}


def _pruned(w: torch.Tensor) -> torch.Tensor:
    return torch.where(w.abs() < w.abs().flatten().median(), torch.zeros(()), w)


def _without_rows(w: torch.Tensor) -> torch.Tensor:
    norms = w.flatten(1).norm(dim=1)
    keep = norms >= norms.quantile(0.25)
    return w * keep.view(-1, *[1] * (w.dim() - 1))


def _int8(w: torch.Tensor) -> torch.Tensor:
    scale = w.flatten(1).abs().amax(1).clamp_min(1e-12).view(-1, *[1] * (w.dim() - 1)) / 127
    return (w / scale).round().clamp(-127, 127) * scale


def _int4(w: torch.Tensor) -> torch.Tensor:
    if w.numel() % 32:
        return w
    groups = w.reshape(-1, 32)
    scale = groups.abs().amax(1, keepdim=True).clamp_min(1e-12) / 7
    return ((groups / scale).round() * scale).reshape(w.shape)


def _low_rank(w: torch.Tensor, rank: int = 4) -> torch.Tensor:
    return w.std() * 0.1 * torch.randn(w.shape[0], rank) @ torch.randn(rank, w.shape[1])


def _adapters(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A and B after some training: A near its draw, B away from zero."""
    found = {}
    for name, w in state.items():
        if w.dim() == 2 and name.endswith("weight"):
            a = nn.init.kaiming_uniform_(torch.empty(4, w.shape[1]), a=5**0.5)
            found[f"{name.removesuffix('weight')}lora_A.weight"] = a + 0.05 * a.std() * torch.randn(4, 1) * torch.randn(
                1, w.shape[1]
            )
            found[f"{name.removesuffix('weight')}lora_B.weight"] = 0.01 * torch.randn(w.shape[0], 2) @ torch.randn(2, 4)
    return found
