"""The layers of `torch.nn` as their constructors leave them, weight and bias."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.laws.layers import promised
from embcheck.stats.chunks import computable
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.laws.law import Law
    from embcheck.subjects.stock.request import Request

GROUP = "layers"

# Rectangular, and of about 8,000 weights where the layer allows, which know the std of a uniform law to 0.5%: class
# name, positional and keyword arguments.
LAYERS: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("Linear", (100, 80), {}),
    ("Bilinear", (20, 16, 25), {}),
    ("Conv1d", (32, 48, 5), {}),
    ("Conv2d", (24, 36, 3), {}),
    ("Conv2d", (48, 72, 3), {"groups": 4}),
    ("Conv3d", (12, 24, 3), {}),
    ("ConvTranspose1d", (32, 48, 5), {}),
    ("ConvTranspose2d", (24, 36, 3), {}),
    ("ConvTranspose2d", (48, 72, 3), {"groups": 4}),
    ("ConvTranspose3d", (12, 24, 3), {}),
    ("RNN", (80, 96), {}),
    ("GRU", (48, 56), {"bidirectional": True}),
    ("LSTM", (40, 48), {}),
    ("LSTM", (40, 48), {"proj_size": 32}),
    ("RNNCell", (80, 96), {}),
    ("GRUCell", (48, 56), {}),
    ("LSTMCell", (40, 48), {}),
    ("MultiheadAttention", (56, 4), {}),
    ("MultiheadAttention", (96, 4), {"kdim": 64, "vdim": 80, "add_bias_kv": True}),
    ("TransformerEncoderLayer", (48, 4, 160), {}),
    ("TransformerDecoderLayer", (48, 4, 160), {}),
    ("BatchNorm1d", (64,), {}),
    ("BatchNorm2d", (64,), {}),
    ("BatchNorm3d", (64,), {}),
    ("LayerNorm", (64,), {}),
    ("GroupNorm", (8, 64), {}),
    ("InstanceNorm1d", (64,), {"affine": True}),
    ("InstanceNorm2d", (64,), {"affine": True, "track_running_stats": True}),
    ("InstanceNorm3d", (64,), {"affine": True}),
    ("RMSNorm", (64,), {}),
    ("PReLU", (16,), {}),
)


def layers(request: Request) -> Iterator[Subject]:
    """Each parameter and buffer that the documentation makes a promise about."""
    for cls, positional, keywords in LAYERS:
        shown = [repr(a) for a in positional] + [f"{key}={value!r}" for key, value in keywords.items()]
        name = f"{cls}({', '.join(shown)})"
        for drawn in request.draw(
            name,
            GROUP,
            partial(_build, request, cls, positional, keywords),
            kind="layer",
        ):
            if drawn.kind == "layer":
                yield from _parts(drawn)
            else:
                yield drawn


def _build(request: Request, cls: str, positional: tuple[Any, ...], keywords: dict[str, Any]) -> nn.Module:
    layer: nn.Module = getattr(nn, cls)(*positional, **keywords, **request.place)
    return layer


def _parts(layer: Subject) -> Iterator[Subject]:
    tensors: dict[str, torch.Tensor] = {
        **{name: p.detach() for name, p in layer.value.named_parameters()},
        **dict(layer.value.named_buffers()),
    }
    # a module's own promise about a part (MultiheadAttention: out_proj.bias is zero) overrides that of the part itself
    laws: dict[str, Law] = {}
    for prefix, module in reversed(list(layer.value.named_modules())):
        laws |= {f"{prefix}.{name}".lstrip("."): law for name, law in promised(module).items()}
    for name, law in sorted(laws.items()):
        yield Subject(
            f"{layer.name}.{name}",
            "tensor",
            computable(tensors[name]),
            law=law,
            group=GROUP,
            role=name.rpartition(".")[2],
            shape=tuple(tensors[name].shape),
            dtype=str(tensors[name].dtype).removeprefix("torch."),
            device=layer.device,
            module=type(layer.value).__name__,
        )
