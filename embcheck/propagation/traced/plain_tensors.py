"""Tensors that a model keeps as plain attributes, and which of them one forward pass uses as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OWN = frozenset({"_parameters", "_buffers", "_modules"})
_ENTRIES = 1_000


class PlainTensors:
    """The plain tensors of a model, told from what its forward writes: caches and states are no constants."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._known = {id(t) for t in (*nn.Module.parameters(model), *nn.Module.buffers(model))}
        self._held = {id(t): (name, t, holder) for name, t, holder in self._walk()}
        self._used: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._held)

    def note(self, name: str, operands: Sequence[torch.Tensor], given: Sequence[Any] = ()) -> None:
        """An operation of this (full) name took these operands. The index of `x[i]` may lie on another device.

        What the forward itself brings to a device and a dtype is no constant either, though `to` gives the very tensor
        back where it is there already; `given` is what `to` was told.
        """
        if name == "__get__":
            return
        writes = name == "__setitem__" or name.startswith("__i") or (name.endswith("_") and not name.endswith("__"))
        for i, t in enumerate(operands):
            if id(t) not in self._held or (i and name == "__getitem__"):
                continue
            if i == 0 and (writes or (id(t) not in self._used and _brings(name, given))):
                del self._held[id(t)]
            else:
                self._used.add(id(t))

    def used(self) -> dict[str, int]:
        """Name and size of those that took part and that the model still holds where it held them."""
        still = {id(t): (name, t, holder) for name, t, holder in self._walk()}
        kept = {key: found for key, found in self._held.items() if key in self._used and key in still}
        same = (found for key, found in kept.items() if found[0] == still[key][0] and found[2] is still[key][2])
        return {name: t.numel() for name, t, _ in same}

    def _walk(self) -> Iterator[tuple[str, torch.Tensor, Any]]:
        """Name, tensor, and the container or module that holds it: a list that the forward makes anew is moved."""
        for path, module in self._model.named_modules():
            for attribute, value in list(vars(module).items()):
                if attribute not in _OWN and not attribute.startswith(("_forward", "_backward")):
                    yield from self._in(f"{path}.{attribute}" if path else attribute, value, module)

    def _in(self, name: str, value: Any, holder: Any) -> Iterator[tuple[str, torch.Tensor, Any]]:
        """Numbers without a dimension mix with any device: they are not asked."""
        if isinstance(value, torch.Tensor):
            plain = not isinstance(value, nn.Parameter) and id(value) not in self._known
            if plain and value.dim() and value.is_leaf and not value.requires_grad:
                yield name, value, holder
        elif type(value) in {list, tuple, dict} and len(value) <= _ENTRIES:
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(item, torch.Tensor):
                    yield from self._in(f"{name}[{key!r}]", item, value)


def _brings(name: str, given: Sequence[Any]) -> bool:
    """Whether `to` was told a device and a dtype, or a tensor that has both."""
    if name == "type_as" or (name == "to" and any(isinstance(g, torch.Tensor) for g in given)):
        return True
    device = any(isinstance(g, (torch.device, str, int)) and not isinstance(g, bool) for g in given)
    return name == "to" and device and any(isinstance(g, torch.dtype) for g in given)
