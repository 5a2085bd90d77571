"""What a caller hands over as one tensor."""

from __future__ import annotations

from typing import Any

import torch

from embcheck.errors import UsageError


def as_tensor(value: Any) -> torch.Tensor:
    """The tensor, detached; or what `torch.as_tensor` makes of an array or a list.

    Raises:
        UsageError: it can be no tensor.
    """
    if isinstance(value, torch.Tensor):
        return value.detach()
    try:
        return torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(f"A tensor is needed, not {type(value).__name__}: {error}") from None
