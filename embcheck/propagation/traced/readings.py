"""The numbers taken from a tensor while a pass runs: small, in float64, left on the device until the end."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import torch

from embcheck.propagation.traced import graph
from embcheck.propagation.traced.batch_axis import Axis, variance
from embcheck.propagation.traced.graph import Gradient
from embcheck.stats.chunks import wide

_CHUNK = 1 << 22
_FEWEST_KEYS = 8
_ROWS = 512
"""Positions looked at for the loss: its mean is then known to a few hundredths."""


def tensors_in(value: Any, depth: int = 6) -> list[torch.Tensor]:
    """Every tensor in a nest of tuples, lists, mappings and dataclasses."""
    if isinstance(value, torch.Tensor):
        return [value]
    if depth == 0:
        return []
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in tensors_in(v, depth - 1)]
    if isinstance(value, Mapping):
        return [t for v in value.values() for t in tensors_in(v, depth - 1)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [t for f in dataclasses.fields(value) for t in tensors_in(getattr(value, f.name, None), depth - 1)]
    return []


def kind_of(op: str, has_weight: bool) -> str:
    """Which kind of node an operation makes."""
    if op in graph.LOOKUPS:
        return "lookup"
    if op in graph.AFFINE and has_weight:
        return "affine"
    if op in graph.ACTIVATIONS:
        return "activation"
    if op in graph.NORMS:
        return "norm"
    if op in graph.RECURRENT:
        return "recurrent"
    return "merge" if op in graph.MERGES else "other"


def mean_square(t: torch.Tensor) -> torch.Tensor:
    """Mean of the squares, accumulated in float64 (in float32 on a device that has no more)."""
    if t.is_sparse:
        t = t.coalesce().values()
    if not t.numel():
        return torch.tensor(float("nan"))
    if t.is_complex():
        t = torch.view_as_real(t.resolve_conj())
    flat = t.reshape(-1)
    return torch.stack([wide(p).square().sum() for p in torch.split(flat, _CHUNK)]).sum() / t.numel()


def of_activation(t: torch.Tensor, op: str, kind: str, axis: Axis | None = None, batch: int = 0) -> dict[str, Any]:
    """Mean square, variance over the `batch` inputs, mean, largest magnitude, zeros, dead units and saturation."""
    if not t.is_floating_point() or t.is_meta or t.is_sparse or not t.numel() or t.layout != torch.strided:
        return {}
    if op.removeprefix("new_").startswith("empty"):
        return {}  # memory that nothing was written to yet
    t = t.detach()
    found: dict[str, Any] = {"q": mean_square(t)}
    if op not in graph.PLUMBING:
        low, high = torch.aminmax(t)
        found["bad"] = ~(high.isfinite() | (high == -math.inf))
        found["largest"] = torch.maximum(-low, high)
        found["mean"] = wide(t).mean() if t.numel() <= _CHUNK else t.float().mean()
        if axis is not None and batch >= 2 and t.dim() >= 2:
            found["s"] = variance(wide(t) if t.numel() <= _CHUNK else t.float(), axis, batch)
    if kind in {"input", "affine", "activation", "norm", "merge", "lookup"}:
        found["zero"] = (t == 0).float().mean()
    if kind == "activation" and t.dim() >= 2:
        unit = 1 if t.dim() in {4, 5} else t.dim() - 1
        others = [d for d in range(t.dim()) if d != unit]
        found["dead"] = (t == 0).all(dim=others[0]).float().mean() if len(others) == 1 else _all_zero(t, unit)
    if kind == "activation" and t.dim():
        found["saturated"] = _saturated(t, op)
    elif op == "softmax":
        found["saturated"] = _condensed(t)
    return {k: v for k, v in found.items() if v is not None}


def _all_zero(t: torch.Tensor, unit: int) -> torch.Tensor:
    return (t.movedim(unit, 0).flatten(1) == 0).all(dim=1).float().mean()


def _saturated(t: torch.Tensor, op: str) -> torch.Tensor | None:
    """Where |phi'| is under a tenth of its maximum: the slope of tanh is 1 - y^2, of sigmoid y(1 - y) with maximum
    1/4."""
    if op == "tanh":
        return (1 - t.float().square() < 0.1).float().mean()
    if op == "sigmoid":
        return (4 * t.float() * (1 - t.float()) < 0.1).float().mean()
    if op == "hardtanh":
        return (t.abs() >= 1).float().mean()
    return None


def _condensed(p: torch.Tensor) -> torch.Tensor | None:
    """Mean of sum p^2 over the rows of a softmax along its last dimension: 1 over the number of entries that share the
    weight. None for fewer than eight entries, and for a softmax along another dimension."""
    if p.dim() < 2 or p.shape[-1] < _FEWEST_KEYS:
        return None
    rows = p.float()
    if not bool(((rows.sum(dim=-1) - 1).abs() < 0.05).all()):
        return None
    return rows.square().sum(dim=-1).mean()


def loss_at_random(logits: torch.Tensor) -> float | None:
    """Mean over positions of logsumexp(x) - mean(x): the cross entropy that labels drawn uniformly would give."""
    if logits.dim() < 2 or logits.shape[-1] < 8 or not logits.is_floating_point():
        return None
    rows = wide(logits.detach().reshape(-1, logits.shape[-1])[:_ROWS])
    return float((rows.logsumexp(dim=1) - rows.mean(dim=1)).mean())


def of_weight(
    op: str, weight: torch.Tensor, operands: list[torch.Tensor], call: tuple[tuple[Any, ...], dict[str, Any]]
) -> dict[str, Any]:
    """Standard deviation of the weight, how many inputs one output sums over, and the power of the bias."""
    found: dict[str, Any] = {"weight_std": mean_square(weight.detach()).sqrt()}
    found["weight_mean"] = wide(weight.detach()).mean() if weight.numel() <= _CHUNK else weight.detach().mean()
    found["fan"] = _fan(op, weight, operands, call)
    bias = next((t for t in operands if t.dim() == 1 and t is not weight and t.is_floating_point()), None)
    if bias is not None and op in graph.AFFINE:
        found["bias_power"] = mean_square(bias.detach())
    return found


def _fan(
    op: str, weight: torch.Tensor, operands: list[torch.Tensor], call: tuple[tuple[Any, ...], dict[str, Any]]
) -> float:
    shape = weight.shape
    if op == "linear":
        return float(shape[-1])
    if op == "bilinear":
        return float(shape[1] * shape[2])
    if op.startswith("conv_transpose"):
        args, kwargs = call
        stride = kwargs.get("stride", args[3] if len(args) > 3 else 1)
        groups = kwargs.get("groups", args[6] if len(args) > 6 else 1)
        kernel = shape[2:]
        strides = [stride] * len(kernel) if isinstance(stride, int) else list(stride) * (len(kernel) // len(stride))
        taps = math.prod(k / min(s, k) for k, s in zip(kernel, strides, strict=True))
        return float(shape[0] / groups * taps)
    if op.startswith("conv"):
        return float(math.prod(shape[1:]))
    if op in {"matmul", "mm", "bmm", "addmm", "baddbmm"}:
        right = operands[-1] is weight
        return float(shape[-2] if right else shape[-1])
    if op == "einsum":
        return _contracted(weight, operands, call)
    return float("nan")


def _contracted(
    weight: torch.Tensor, operands: list[torch.Tensor], call: tuple[tuple[Any, ...], dict[str, Any]]
) -> float:
    """Over how many entries of the weight one output of an einsum sums."""
    equation = next((a for a in call[0] if isinstance(a, str)), "").replace(" ", "")
    left, arrow, out = equation.partition("->")
    letters = left.split(",")
    position = next((i for i, t in enumerate(operands) if t is weight), 0)
    if not arrow or "." in equation or len(letters) != len(operands) or len(letters[position]) != weight.dim():
        return float("nan")
    return float(math.prod(n for a, n in zip(letters[position], weight.shape, strict=True) if a not in out))


def of_gradient(name: str, gradient: torch.Tensor | None) -> Gradient:
    """Power, zeros and the rows that a gradient reached."""
    if gradient is None:
        return Gradient(name, float("nan"), 1.0)
    if gradient.is_sparse:
        gradient = gradient.coalesce()
        rows = gradient.indices()[0]
        power = float(wide(gradient.values()).square().sum()) / max(gradient.shape.numel(), 1)
        alive = rows[gradient.values().flatten(1).ne(0).any(1)] if gradient.values().dim() > 1 else rows
        return Gradient(name, power, 1 - alive.numel() / max(gradient.shape[0], 1), tuple(alive[:100_000].tolist()))
    rows_hit: tuple[int, ...] = ()
    if gradient.dim() == 2:
        rows_hit = tuple(gradient.ne(0).any(1).nonzero()[:100_000, 0].tolist())
    zero = float((gradient == 0).float().mean()) if gradient.numel() else 1.0
    return Gradient(name, float(mean_square(gradient)), zero, rows_hit)


def fetched(fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields as Python numbers."""
    plain: dict[str, Any] = {}
    for key, value in fields.items():
        if key == "options":
            plain[key] = tuple((name, float(number)) for name, number in value)
        elif isinstance(value, torch.Tensor):
            plain[key] = bool(value) if value.dtype == torch.bool else float(value)
        elif value is not None:
            plain[key] = value
    return plain
