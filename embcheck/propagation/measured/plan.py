"""How a sweep is run."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from embcheck.propagation.measured.measure import INPUTS
from embcheck.propagation.verdict import LIMIT


@dataclass(frozen=True)
class Plan:
    """Seeds, device and methods of a sweep, the same for all its configurations."""

    seeds: int = 4
    seed: int = 0
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    inputs: int = INPUTS
    limit: float = LIMIT
    exact: bool = False
    """Also send true cotangents back, with the weights drawn again in reverse, and probe the singular values."""
    sampled: bool = False
    """Theory's drift and spread from networks without weights, exact at any width, instead of the recursion."""
