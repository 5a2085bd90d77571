"""One tensor of whatever is audited, live or stored: where it sits, and how to get its values."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import nn

from embcheck.subjects.access import extent, obstacle, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import torch

    from embcheck.subjects.files.stored import Stored
    from embcheck.subjects.inventory.model import Inventory

_NORMS = (nn.LayerNorm, nn.GroupNorm, nn.modules.batchnorm._NormBase)  # noqa: SLF001 - torch has no public name for it
_CONVS = (nn.modules.conv._ConvNd,)  # noqa: SLF001 - torch has no public name for it
_RECURRENT = (nn.RNNBase, nn.RNNCellBase)
_BUFFER_ROLES = re.compile(
    r"(^|\.)(running_mean|running_var|num_batches_tracked|inv_freq|position_ids|token_type_ids|masked_bias|"
    r"relative_position_index|attn_mask|causal_mask)$"
)
_NORM_NAME = re.compile(r"(^|[._])(ln|bn|gn|norm|layernorm|layer_norm|rmsnorm|batchnorm)(_?[a-z0-9]*)?$|norm\d*$", re.I)
_TABLE_NAME = re.compile(
    r"(^|[._])(emb|embed|embedding|embeddings|embed_tokens|wte|wpe|tok|shared)([._]|$)|embeddings?$", re.I
)


@dataclass(frozen=True)
class Held:
    """A tensor and its place. `read` gives the values; `module` is None for a tensor from a file or a mapping."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    kind: str
    """``parameter`` or ``buffer``."""
    role: str
    layer: str
    """What kind of layer owns it: ``norm``, ``embedding``, ``linear``, ``conv``, ``recurrent`` or ``""``."""
    read: Callable[[], torch.Tensor] | None
    module: nn.Module | None = None
    module_name: str = ""
    module_type: str = ""
    device: str = "cpu"
    trainable: bool = True
    persistent: bool = True
    aliases: tuple[str, ...] = ()
    reason: str = ""
    stored: Stored | None = None

    @property
    def numel(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    @property
    def stack(self) -> str:
        """Its name with every number replaced: the members of a stack of equal layers share it."""
        return re.sub(r"(?<![^.\[])\d+(?![^.\]])", "*", self.name)


def from_model(found: Inventory) -> list[Held]:
    """The registered tensors of a live model."""
    return [
        Held(
            name=e.name,
            shape=extent(e.tensor),
            dtype=str(e.tensor.dtype).removeprefix("torch."),
            kind=e.kind,
            role=e.role,
            layer=layer_of(e.module, e.role, len(extent(e.tensor))),
            read=None if e.obstacle else e.tensor.detach,
            module=e.module,
            module_name=e.module_name,
            module_type=e.module_type,
            device=str(e.tensor.device),
            trainable=e.trainable,
            persistent=e.persistent,
            aliases=e.aliases,
            reason=e.obstacle,
        )
        for e in found.entries
    ]


def from_tensors(tensors: Mapping[str, torch.Tensor]) -> list[Held]:
    """A mapping of names to tensors."""
    return [
        _guessed(
            name,
            extent(t),
            str(t.dtype).removeprefix("torch."),
            None if why else lambda t=t: plain(t),
            device=str(t.device),
            reason=why,
        )
        for name, t in tensors.items()
        for why in (obstacle(t),)
    ]


def from_stored(stored: Iterable[Stored]) -> list[Held]:
    """The tensors of a checkpoint, none of them read."""
    return [_guessed(s.name, s.shape, s.dtype, s.opened if s.read else None, reason=s.reason, stored=s) for s in stored]


def _guessed(name: str, shape: tuple[int, ...], dtype: str, read: Any, **more: Any) -> Held:
    """Without a module, the names that the field uses say what a tensor is."""
    module_name, _, role = name.rpartition(".")
    floating = "float" in dtype
    kind = "buffer" if _BUFFER_ROLES.search(name) or not floating else "parameter"
    layer = ""
    if len(shape) == 1 and _NORM_NAME.search(module_name):
        layer = "norm"
    elif len(shape) == 2 and role == "weight":
        layer = "embedding" if _TABLE_NAME.search(module_name) else "linear"
    elif len(shape) in {3, 4, 5} and role == "weight":
        layer = "conv"
    elif re.match(r"(weight|bias)_[ih]h_l\d+", role):
        layer = "recurrent"
    return Held(name, shape, dtype, kind, role, layer, read, module_name=module_name, **more)


def layer_of(module: nn.Module | None, role: str, dims: int) -> str:
    """What kind of layer a module is; a class that torch has not is known by the end of its name."""
    if module is None:
        return ""
    kind = type(module).__name__
    if (
        isinstance(module, _NORMS)
        or (kind.endswith("Norm") and dims <= 1)
        or re.search(r"(Layer|Batch|RMS|Group)Norm", kind)
    ):
        return "norm"
    if isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
        return "embedding"
    if isinstance(module, _CONVS):
        return "conv"
    if isinstance(module, _RECURRENT):
        return "recurrent"
    if isinstance(module, (nn.Linear, nn.Bilinear)) or (role == "weight" and dims == 2):
        return "linear"
    return ""
