"""The numbers of a call that shape what comes out of it: slopes, eps, shares of taps, constants; for the theory."""

from __future__ import annotations

import math
from typing import Any

import torch

from embcheck.propagation.traced.readings import mean_square
from embcheck.stats.chunks import wide

Call = tuple[tuple[Any, ...], dict[str, Any]]
Numbers = tuple[tuple[str, Any], ...]

ELEMENTWISE = frozenset(
    {"add", "radd", "iadd", "sub", "rsub", "isub", "subtract", "mul", "rmul", "imul", "multiply", "div", "truediv",
     "itruediv", "rtruediv", "divide", "true_divide"}
)  # fmt: skip
"""Arithmetic, element by element."""
_SLOPES = {"leaky_relu": "negative_slope", "elu": "alpha", "celu": "alpha", "softplus": "beta",
           "softshrink": "lambd", "hardshrink": "lambd"}  # fmt: skip
_AFFINE_AT = {"layer_norm": 2, "group_norm": 2, "batch_norm": 3, "instance_norm": 3, "rms_norm": 2}
"""Where the weight of a norm stands among its arguments; the bias follows (rms_norm has none)."""
_EPS_AT = {"layer_norm": 4, "group_norm": 4, "batch_norm": 7, "instance_norm": 7, "rms_norm": 3}


def numbers(  # noqa: PLR0917
    op: str, kind: str, out: torch.Tensor, operands: list[torch.Tensor], floats: tuple[int, ...], call: Call
) -> Numbers:
    """What the theory must know of a call beside its operands; tensors of one element stay on the device.

    Args:
        op: its name.
        kind: of its node.
        out: its output.
        operands: every tensor that went in.
        floats: for each floating-point operand the node that made it, -1 for a constant.
        call: its arguments.
    """
    if kind == "activation":
        return _slope(op, operands, call)
    if op in _AFFINE_AT:
        return _norm(op, out, operands, call)
    if kind == "affine":
        return (*_taps(op, out, operands, call), *_bias(operands, floats))
    if op in ELEMENTWISE:
        return _constants(operands, floats, call)
    if op in {"dropout", "alpha_dropout", "feature_dropout", "dropout1d", "dropout2d", "dropout3d"}:
        return (("p", float(_argument(call, 1, "p", 0.5)) if _argument(call, 2, "training", True) else 0.0),)
    if op == "scaled_dot_product_attention":
        return _attention(operands, call)
    if kind == "lookup" and op == "embedding":
        index = next((t for t in operands if not t.is_floating_point()), None)
        if index is not None and index.dim() and index.shape[0] > 1:
            return (("distinct", wide(index[1:] != index[:-1]).mean()),)
    if op in {"matmul", "bmm", "mm", "baddbmm"} and operands:
        return (("inner", float(operands[-2].shape[-1] if len(operands) > 1 else 1)),)
    return ()


def _argument(call: Call, position: int, name: str, default: Any = None) -> Any:
    args, kwargs = call
    return kwargs.get(name, args[position] if len(args) > position else default)


def _slope(op: str, operands: list[torch.Tensor], call: Call) -> Numbers:
    if op == "gelu":
        return (("tanh", 1.0),) if _argument(call, 1, "approximate", "none") == "tanh" else ()
    if op == "hardtanh":
        low, high = _argument(call, 1, "min_val", -1.0), _argument(call, 2, "max_val", 1.0)
        return (("low", float(low)), ("high", float(high)))
    if op == "prelu" and len(operands) > 1:
        return (("slope", wide(operands[1].detach()).mean()),)
    if op in _SLOPES:
        value = _argument(call, 1, _SLOPES[op])
        return ((_SLOPES[op], float(value)),) if isinstance(value, (int, float)) else ()
    return ()


def _norm(op: str, out: torch.Tensor, operands: list[torch.Tensor], call: Call) -> Numbers:
    at = _AFFINE_AT[op]
    weight = _argument(call, at, "weight")
    bias = None if op == "rms_norm" else _argument(call, at + 1, "bias")
    eps = _argument(call, _EPS_AT[op], "eps")
    if eps is None:
        eps = torch.finfo(out.dtype).eps if op == "rms_norm" else 1e-5
    found: list[tuple[str, Any]] = [("eps", float(eps))]
    x = operands[0].detach().float()
    if op in {"layer_norm", "rms_norm"}:
        shape = tuple(_argument(call, 1, "normalized_shape", ()))
        last = tuple(range(-len(shape), 0))
        power = x.square().mean(last) if op == "rms_norm" else x.var(last, correction=0)
        found += [("features", float(math.prod(shape))), ("inverse", (1 / (power + eps)).mean())]
    elif op == "batch_norm" and x.dim() > 1:
        power = x.var([d for d in range(x.dim()) if d != 1], correction=0)
        found.append(("inverse", (1 / (power + eps)).mean()))
    if isinstance(weight, torch.Tensor):
        found += [("gamma2", mean_square(weight.detach())), ("gamma", wide(weight.detach()).mean())]
    if isinstance(bias, torch.Tensor):
        found += [("beta2", mean_square(bias.detach())), ("beta", wide(bias.detach()).mean())]
    return tuple(found)


def _bias(operands: list[torch.Tensor], floats: tuple[int, ...]) -> Numbers:
    given = zip((t for t in operands if t.is_floating_point()), floats, strict=True)
    bias = next((t for t, made in given if made < 0 and t.dim() == 1), None)
    return () if bias is None else (("bias", wide(bias.detach()).mean()),)


def _taps(op: str, out: torch.Tensor, operands: list[torch.Tensor], call: Call) -> Numbers:
    """The share of a convolution's taps that fall inside its input, averaged over the positions of the output: what
    zero padding takes from the power of an even signal."""
    if op not in {"conv1d", "conv2d", "conv3d"} or len(operands) < 2:
        return ()
    spatial = operands[1].dim() - 2
    padding = _argument(call, 4, "padding", 0)
    if not isinstance(padding, (int, tuple, list)):
        padding = 0 if padding == "valid" else padding
    stride, dilation = (_several(_argument(call, i, name, 1), spatial) for i, name in ((3, "stride"), (5, "dilation")))
    share = 1.0
    for d in range(spatial):
        size, kernel, places = operands[0].shape[d - spatial], operands[1].shape[d - spatial], out.shape[d - spatial]
        before = dilation[d] * (kernel - 1) // 2 if padding == "same" else _several(padding, spatial)[d]
        inside = sum(0 <= o * stride[d] - before + k * dilation[d] < size for k in range(kernel) for o in range(places))
        share *= inside / max(1, kernel * places)
    return (("share", share),)


def _several(value: Any, n: int) -> tuple[int, ...]:
    return (int(value),) * n if isinstance(value, int) else tuple(int(v) for v in value) * (n // len(value))


def _constants(operands: list[torch.Tensor], floats: tuple[int, ...], call: Call) -> Numbers:
    """The number, or the power and mean of the tensor, that takes part beside the signal."""
    args, kwargs = call
    found: list[tuple[str, Any]] = []
    plain = [a for a in (*args, *kwargs.values()) if isinstance(a, (int, float)) and not isinstance(a, bool)]
    if plain and len(operands) == 1:
        found.append(("scalar", float(plain[0])))
    elif len(plain) == 1 and "alpha" in kwargs:
        found.append(("alpha", float(plain[0])))
    constants = [t for t, made in zip((o for o in operands if o.is_floating_point()), floats, strict=True) if made < 0]
    if len(constants) == 1 and constants[0].numel() and constants[0].layout == torch.strided:
        t = constants[0].detach()
        found += [("constant2", mean_square(t)), ("constant", wide(t).mean())]
    return tuple(found)


def _attention(operands: list[torch.Tensor], call: Call) -> Numbers:
    """What uniform attention, every key that is allowed with one weight, would make of the values; E[1 / keys] over the
    queries; and the variance of the scores, which takes the weights away from uniform."""
    if len(operands) < 3:
        return ()
    query, key, value = (t.detach() for t in operands[:3])
    queries, keys = query.shape[-2], key.shape[-2]
    mask = _argument(call, 3, "attn_mask")
    scale = _argument(call, 6, "scale") or 1 / math.sqrt(query.shape[-1])
    if isinstance(mask, torch.Tensor):
        allowed = (mask if mask.dtype == torch.bool else mask > torch.finfo(mask.dtype).min / 2).to(value.dtype)
        counts = allowed.sum(dim=-1, keepdim=True).clamp(min=1)
        uniform = torch.matmul(allowed / counts, value)
        inverse: Any = (1 / wide(counts)).mean()
    elif _argument(call, 5, "is_causal", False) and queries == keys:
        counts = torch.arange(1, keys + 1, device=value.device, dtype=value.dtype)
        uniform = value.cumsum(dim=-2) / counts[:, None]
        inverse = (1 / wide(counts)).mean()
    else:
        uniform, inverse = value.mean(dim=-2), 1 / max(1, keys)
    return (
        ("inverse", inverse), ("uniform2", mean_square(uniform)), ("values2", mean_square(value)),
        ("scores", query.shape[-1] * scale**2 * mean_square(query) * mean_square(key)),
    )  # fmt: skip
