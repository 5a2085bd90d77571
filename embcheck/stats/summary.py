"""All that is kept of a tensor after one pass over it; two summaries add up to the summary of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Summary:
    """Placeholder: the engine is being written."""

    n: int


def summarize(tensor: torch.Tensor) -> Summary:
    """One pass."""
    return Summary(tensor.numel())
