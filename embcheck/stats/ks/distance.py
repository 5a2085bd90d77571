"""What a comparison of distributions gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KS:
    """How far an empirical distribution is from a law."""

    d: float
    """sup |F_n - F|; 0 for n = 0."""
    n: int
    """Values compared: all but NaN."""
    location: float
    """The value at which the distance is reached; NaN for n = 0."""
    sign: int
    """1 if F_n is above F there, -1 if below, 0 for n = 0."""
    p_value: float
    """The chance of at least this distance under the law; 1 for n = 0."""
