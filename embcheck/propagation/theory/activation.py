"""What the theory must know of an activation function: itself, its derivative, and where neither is smooth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Function: TypeAlias = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class Activation:
    """An elementwise function of a pre-activation h, in float64 numpy, for the exact maps.

    Identity is the name: two activations with the same name (parameter included) are the same object.
    """

    name: str
    """As typed: ``relu``, ``leaky_relu(0.2)``."""
    phi: Function
    derivative: Function
    """phi' almost everywhere, as autograd returns it."""
    kinks: tuple[float, ...] = ()
    """The h at which phi or phi' jumps: quadrature is split there."""
    peak: float | None = None
    """sup |phi'| of a bounded activation, None for an unbounded one: what `saturated` is measured against."""
    silent: tuple[tuple[float, float], ...] = ()
    """Open intervals of h on which phi' is exactly 0: a unit that stays there for every input is dead."""
    slopes: tuple[float, float] | None = None
    """(slope for h > 0, slope for h < 0) of a piecewise linear function with its only kink at 0: scale-free."""
    oscillating: bool = False
    """Periodic (sin): panels must not grow, and beyond `OSCILLATION_END` only q (1 - c) matters."""
    gate: str | None = None
    """For a gated unit (GLU family), the name of the activation of the gate; `phi` is then that activation."""

    @property
    def homogeneous(self) -> bool:
        """phi(a h) = a phi(h) for a > 0: with no bias, no scale is preferred and nothing depends on q."""
        return self.slopes is not None and self.gate is None

    @property
    def gated(self) -> bool:
        """Two products feed one unit, one through `phi`: value * phi(gate)."""
        return self.gate is not None
