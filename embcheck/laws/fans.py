"""Fan in and fan out of a weight, whatever the order of its dimensions; the gains that torch documents."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

DIMENSIONS = ("out", "in", "k", "e")
"""What a dimension can be: output or input features, kernel (counts in both fans), or a stack of separate weights."""

_GAINS = {
    **dict.fromkeys(
        ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), 1.0
    ),
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 3.0 / 4.0,
}
NONLINEARITIES = (*_GAINS, "leaky_relu")


class Fans(NamedTuple):
    """Inputs that feed one output, and outputs that one input feeds."""

    fan_in: int
    fan_out: int


def fans(shape: Sequence[int], layout: str = "", groups: int = 1) -> Fans:
    """Fan in and fan out of a weight of this shape.

    Args:
        shape: 2 to 5 dimensions or more.
        layout: comma-separated, one of ``out``, ``in``, ``k``, ``e`` a dimension, each as often as needed; empty for
            torch's own, ``out,in,k,k,...``. ``e`` (experts, blocks) counts in neither fan.
        groups: of a grouped convolution, whose second dimension is already in/groups. torch.nn.init knows no groups:
            leave it at 1 for what torch computes, give it for what the layer does.

    Raises:
        UsageError: fewer than two dimensions, or a layout that does not fit the shape.
    """
    kinds = dimensions(layout, len(shape))
    size = {kind: math.prod(s for s, k in zip(shape, kinds, strict=True) if k == kind) for kind in DIMENSIONS}
    if groups < 1 or size["out"] % groups:
        raise UsageError(f"{size['out']} output channels do not divide into {groups} groups.")
    return Fans(size["in"] * size["k"], size["out"] // groups * size["k"])


def dimensions(layout: str, ndim: int) -> tuple[str, ...]:
    """What each of `ndim` dimensions is.

    Raises:
        UsageError: as in `fans`.
    """
    if ndim < 2:
        raise UsageError(f"Fan in and fan out need a tensor of at least 2 dimensions, not {ndim}.")
    if not layout:
        return ("out", "in", *("k",) * (ndim - 2))
    kinds = tuple(part.strip() for part in layout.split(","))
    unknown = sorted(set(kinds) - set(DIMENSIONS))
    if unknown:
        raise UsageError(f"Layout '{layout}' names '{unknown[0]}'; a dimension is one of {', '.join(DIMENSIONS)}.")
    if len(kinds) != ndim:
        raise UsageError(f"Layout '{layout}' names {len(kinds)} dimensions, but the tensor has {ndim}.")
    if "in" not in kinds or "out" not in kinds:
        raise UsageError(f"Layout '{layout}' must name both 'in' and 'out'.")
    return kinds


def gain(nonlinearity: str, param: float | None = None) -> float:
    """The gain that the table of `torch.nn.init.calculate_gain` documents.

    Args:
        nonlinearity: its `torch.nn.functional` name.
        param: negative slope of leaky_relu (default 0.01); no other takes one.

    Raises:
        UsageError: torch documents no gain for it (elu, gelu, silu, mish, ...).
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, int | float):
            raise UsageError(f"The negative slope of leaky_relu must be a number, not {slope!r}.")
        return math.sqrt(2.0 / (1.0 + slope**2))
    if nonlinearity not in _GAINS:
        raise UsageError(
            f"torch documents no gain for '{nonlinearity}' (it knows {', '.join(NONLINEARITIES)}); "
            "take the one of a similar nonlinearity, or normal(0, g/sqrt(fan_in)) with your own g."
        )
    return _GAINS[nonlinearity]
