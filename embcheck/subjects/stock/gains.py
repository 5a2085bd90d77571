"""`torch.nn.init.calculate_gain`: every nonlinearity of its table, and those that it does not know."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.stock.request import Request
    from embcheck.subjects.subject import Subject

GROUP = "calculate_gain"

# https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
DOCUMENTED: dict[tuple[str, float | None], float] = {
    **{
        (name, None): 1.0
        for name in (
            "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
            "sigmoid",
        )
    },
    ("tanh", None): 5 / 3,
    ("relu", None): math.sqrt(2),
    ("leaky_relu", None): math.sqrt(2 / (1 + 0.01**2)),
    ("leaky_relu", 0.2): math.sqrt(2 / (1 + 0.2**2)),
    ("leaky_relu", math.sqrt(5)): math.sqrt(2 / 6),
    ("selu", None): 3 / 4,
}  # fmt: skip

# 1/sqrt(E[phi(z)^2]), z ~ N(0, 1). GELU: V = 1/4 + asin(1/2)/(2 pi) + 1/(2 pi sqrt(3)); ELU from Klambauer et al. 2017
# with lambda = alpha = 1: V = 1/2 + e^2 Phi(-2) - 2 e^(1/2) Phi(-1) + 1/2. SiLU has no closed form (mpmath).
_NORMAL_CDF = {x: 0.5 * math.erfc(-x / math.sqrt(2)) for x in (-2.0, -1.0)}
UNKNOWN: dict[str, float] = {
    "gelu": (0.25 + math.asin(0.5) / (2 * math.pi) + 1 / (2 * math.pi * math.sqrt(3))) ** -0.5,
    "elu": (1 + math.exp(2) * _NORMAL_CDF[-2.0] - 2 * math.exp(0.5) * _NORMAL_CDF[-1.0]) ** -0.5,
    "silu": 1.676532470331091,
}


def gains(request: Request) -> Iterator[Subject]:
    """One subject a nonlinearity; the value is torch's number, or None where it knows none."""
    for (nonlinearity, param), documented in DOCUMENTED.items():
        spelled = f"calculate_gain({nonlinearity!r}" + (f", {param:.4g})" if param is not None else ")")
        yield from request.draw(
            spelled,
            GROUP,
            partial(_torch_gain, nonlinearity, param),
            kind="gain",
            facts={"nonlinearity": nonlinearity, "documented": documented, "exact": None},
        )
    for nonlinearity, exact in UNKNOWN.items():
        yield from request.draw(
            f"calculate_gain({nonlinearity!r})",
            GROUP,
            partial(_torch_gain, nonlinearity, None),
            kind="gain",
            facts={"nonlinearity": nonlinearity, "documented": None, "exact": exact},
        )


def _torch_gain(nonlinearity: str, param: float | None) -> float | None:
    try:
        return float(torch.nn.init.calculate_gain(nonlinearity, param))  # type: ignore[arg-type]
    except ValueError:
        return None
