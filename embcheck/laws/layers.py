"""What each layer of `torch.nn` promises for its parameters and buffers until somebody initialises them otherwise.

The source is the documentation of the layer. Where it is silent (MultiheadAttention, Transformer), it is what the paper
or the code has always done; where it is stale (SyncBatchNorm still says that its weight is U(0, 1), which BatchNorm
stopped doing in torch 1.2), it is the sister layer's page.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from torch import nn
from torch.nn.parameter import is_lazy

from embcheck.laws.families import Any, Constant, Normal, Padded, Uniform, Uninitialised
from embcheck.laws.initializers import law_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch

    from embcheck.laws.law import Law

    Promise = dict[str, Law]

ZEROS, ONES = Constant(0.0), Constant(1.0)


def promised(module: nn.Module) -> dict[str, Law]:
    """The documented default law of each parameter and buffer that the class of this module initialises.

    Args:
        module: any; a layer that torch.nn does not define, or a subclass with a `reset_parameters` of its own, promises
            nothing.

    Returns:
        local name to law; a container that initialises its children's parameters (MultiheadAttention, Transformer)
        names them with dots. Only what exists: no bias where there is none.
    """
    for layer, promise in LAYERS:
        if isinstance(module, layer):
            if any(getattr(type(module), r, None) is not getattr(layer, r, None) for r in _RESETS) and not _own(module):
                return {}
            laws = promise(module)
            return {name: _lazily(tensor, laws[name]) for name, tensor in _tensors(module) if name in laws}
    return {}


def promises(model: nn.Module) -> dict[str, Law]:
    """`promised` of every module of a model under full names; what a parent initialises again overrides its child."""
    found: dict[str, Law] = {}
    for prefix, module in reversed(list(model.named_modules())):  # children before their parents
        for name, law in promised(module).items():
            found[f"{prefix}.{name}" if prefix else name] = law
    return found


_RESETS = ("reset_parameters", "_reset_parameters")


def _own(module: nn.Module) -> bool:
    """Whether the class is torch's own (lazy layers override `reset_parameters` to the same effect)."""
    return type(module).__module__.partition(".")[0] == "torch"


def _tensors(module: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    yield from module.named_parameters(remove_duplicate=False)
    yield from module.named_buffers(remove_duplicate=False)


def _lazily(tensor: torch.Tensor, law: Law) -> Law:
    return Uninitialised() if is_lazy(tensor) else law


def _default(fan: int) -> Law:
    """U(-sqrt(k), sqrt(k)) with k = 1/fan, as the pages write it."""
    bound = 1 / math.sqrt(max(fan, 1))
    return Uniform(-bound, bound, spelling="default()") if fan > 0 else Any()


def _both(fan: int) -> Promise:
    return {"weight": _default(fan), "bias": _default(fan)}


def _linear(m: nn.Linear) -> Promise:
    return _both(m.in_features)


def _bilinear(m: nn.Bilinear) -> Promise:
    return _both(m.in1_features)


def _convolution(m: nn.modules.conv._ConvNd) -> Promise:
    """k = groups / (C_in * kernel), and for the transposed ones groups / (C_out * kernel)."""
    channels = m.out_channels if m.transposed else m.in_channels
    return _both(channels // m.groups * math.prod(m.kernel_size))


def _embedding(m: nn.Embedding | nn.EmbeddingBag) -> Promise:
    table: Law = Normal(0.0, 1.0)
    return {"weight": table if m.padding_idx is None else Padded(table, m.padding_idx)}


def _recurrent(m: nn.RNNBase | nn.RNNCellBase) -> Promise:
    """Weights and biases alike: k = 1 / hidden_size."""
    return {name: _default(m.hidden_size) for name, _ in m.named_parameters()}


def _attention(m: nn.MultiheadAttention) -> Promise:
    """Xavier over the fused (3E, E) matrix, as one, or over q, k and v where their widths differ; biases zero."""
    laws: Promise = {"in_proj_bias": ZEROS}
    if m.in_proj_bias is not None:
        laws["out_proj.bias"] = ZEROS
    for name, parameter in m.named_parameters(recurse=False):
        if name.endswith("proj_weight"):
            laws[name] = law_of("xavier_uniform", parameter.shape)
        elif name in ("bias_k", "bias_v"):
            laws[name] = law_of("xavier_normal", parameter.shape)
    return laws


def _transformer(m: nn.Transformer) -> Promise:
    """Xavier uniform over every parameter of more than one dimension, whatever the layers inside did."""
    return {name: law_of("xavier_uniform", p.shape) for name, p in m.named_parameters() if p.dim() > 1}


def _normalisation(_: nn.Module) -> Promise:
    return {
        "weight": ONES,
        "bias": ZEROS,
        "running_mean": ZEROS,
        "running_var": ONES,
        "num_batches_tracked": ZEROS,
    }


def _prelu(m: nn.PReLU) -> Promise:
    return {"weight": Constant(float(m.init))}


LAYERS: tuple[tuple[type[nn.Module], Callable[..., Promise]], ...] = (
    (nn.Embedding, _embedding),
    (nn.EmbeddingBag, _embedding),
    (nn.Linear, _linear),
    (nn.Bilinear, _bilinear),
    (nn.modules.conv._ConvNd, _convolution),  # noqa: SLF001
    (nn.RNNBase, _recurrent),
    (nn.RNNCellBase, _recurrent),
    (nn.MultiheadAttention, _attention),
    (nn.Transformer, _transformer),
    (nn.modules.batchnorm._NormBase, _normalisation),  # noqa: SLF001 - batch and instance norms
    (nn.LayerNorm, _normalisation),
    (nn.GroupNorm, _normalisation),
    (nn.RMSNorm, _normalisation),
    (nn.PReLU, _prelu),
)
"""Class to promise, subclasses included; the layers that only hold these (TransformerEncoderLayer,
AdaptiveLogSoftmaxWithLoss, ...) promise what their parts do."""
