"""Buffers that one thread uses again for every chunk."""

from __future__ import annotations

import torch


class Scratch:
    """Fresh arrays of a megabyte cost page faults and a lock that threads share; these are made once.

    A buffer is overwritten by the next request for the same name.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, torch.dtype, torch.device], torch.Tensor] = {}

    def take(self, name: str, size: int, dtype: torch.dtype, device: torch.device) -> torch.Tensor:
        """Uninitialised room of shape (size,)."""
        key = (name, dtype, device)
        held = self._held.get(key)
        if held is None or held.numel() < size:
            held = self._held[key] = torch.empty(size, dtype=dtype, device=device)
        return held[:size]
