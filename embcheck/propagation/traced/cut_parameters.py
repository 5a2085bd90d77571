"""Parameters that a forward reads through `.data`, where autograd does not see them, and computes its signal with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.utils.weak import WeakIdKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import torch


class CutParameters:
    """Follows what `.data` gave to the first operation that autograd records; `detach()` says what it means."""

    def __init__(self, trainable: Mapping[int, str]) -> None:
        self._names = trainable
        self._read: WeakIdKeyDictionary = WeakIdKeyDictionary()
        self._used: dict[str, str] = {}

    def note(self, op: str, operands: Sequence[torch.Tensor], made: Sequence[torch.Tensor], module: str) -> None:
        """This operation, inside of this module, made these tensors of these operands, with gradients enabled."""
        if op == "data":
            names = [self._names[id(t)] for t in operands[:1] if id(t) in self._names]
        elif self._read:
            names = [self._read[t] for t in operands if t in self._read]
        else:
            return
        for t in made if names else ():
            if t.requires_grad:
                self._used.update(dict.fromkeys(names, module))
            elif t.is_floating_point():
                self._read[t] = names[0]

    def used(self) -> dict[str, str]:
        """Name of each, and the module whose forward computed with it."""
        return dict(self._used)
