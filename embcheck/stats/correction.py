"""One false-alarm budget for many tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment: reject where the result is at most alpha.

    The chance of any false rejection is at most alpha whatever the dependence between the tests. S. Holm, "A simple
    sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), 65-70.

    Args:
        p_values: raw p-values, each valid on its own.

    Returns:
        adjusted p-values in the order given, each at most 1 and monotone in the raw ones.
    """
    m = len(p_values)
    adjusted = [1.0] * m
    largest = 0.0
    for rank, i in enumerate(sorted(range(m), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (m - rank) * p_values[i]))
        adjusted[i] = largest
    return adjusted
