"""Every function of `torch.nn.init`, and what else fills a tensor, as a law made from a shape.

The documentation is the promise: bounds and standard deviations follow the formulas there, in float64.
"""

from __future__ import annotations

import inspect
import math
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.laws.families import (
    Any,
    Constant,
    Dirac,
    Eye,
    Normal,
    Orthogonal,
    Sparse,
    TruncatedNormal,
    Uniform,
    Uninitialised,
    Within,
)
from embcheck.laws.fans import Fans, fans, gain
from embcheck.laws.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from embcheck.laws.law import Law

__all__ = ["INITIALIZERS", "Fans", "fans", "gain", "law_of"]

_TRUNCATED_STD = 0.87962566103423978
"""Standard deviation of N(0, 1) cut at ±2, the constant that Keras and JAX divide by."""


def law_of(name: str, shape: Sequence[int], *args: float | str, layout: str = "", **kwargs: float | str) -> Law:
    """The law that the initializer `name` gives a tensor of this shape.

    Args:
        name: as in `torch.nn.init`, without the underscore; also variance_scaling, rand, randn, empty, any.
        shape: of the whole tensor.
        *args: the initializer's own, by position.
        layout: order of the dimensions where it is not torch's (see `laws.fans.fans`).
        **kwargs: the initializer's own, by name.

    Raises:
        UsageError: no such initializer or argument, or a shape or value that it cannot take.
    """
    name = name.removesuffix("_") if name not in INITIALIZERS else name
    if name not in INITIALIZERS:
        near = get_close_matches(name, INITIALIZERS, 1, 0.7)
        hint = f"did you mean {near[0]}?" if near else f"they are {', '.join(INITIALIZERS)}."
        raise UsageError(f"There is no initializer '{name}'; {hint}")
    build = INITIALIZERS[name]
    signature = _signature(build)
    try:
        bound = signature.bind(_Shape(shape, layout), *args, **kwargs)
    except TypeError as error:
        takes = list(signature.parameters)[1:]
        raise UsageError(f"{name}: {error}; it takes {', '.join(takes) or 'no arguments'}.") from None
    try:
        return build(*bound.args, **bound.kwargs)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    except (ValueError, TypeError, ArithmeticError) as error:
        raise UsageError(f"{name} cannot be held against shape {tuple(shape)}: {error}") from None


@lru_cache(maxsize=64)
def _signature(build: Callable[..., Law]) -> inspect.Signature:
    return inspect.signature(build)


class _Shape:
    def __init__(self, shape: Sequence[int], layout: str) -> None:
        self.sizes, self.layout = tuple(shape), layout

    @property
    def fans(self) -> Fans:
        return fans(self.sizes, self.layout)

    @property
    def empty(self) -> bool:
        return 0 in self.sizes

    @property
    def matrix(self) -> tuple[int, int]:
        if len(self.sizes) < 2:
            raise UsageError("it needs a tensor of at least 2 dimensions.")
        return self.sizes[0], math.prod(self.sizes[1:])


def _uniform(_: _Shape, a: float = 0.0, b: float = 1.0) -> Law:
    return Constant(a) if a == b else Uniform(a, b)


def _normal(_: _Shape, mean: float = 0.0, std: float = 1.0) -> Law:
    return Constant(mean) if std == 0 else Normal(mean, std)


def _trunc_normal(_: _Shape, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0) -> Law:
    return TruncatedNormal(mean, std, a, b)


def _constant(_: _Shape, val: float) -> Law:
    return Constant(float(val))


def _eye(shape: _Shape) -> Law:
    if len(shape.sizes) != 2:
        raise UsageError(f"it fills a matrix, not a tensor of {len(shape.sizes)} dimensions.")
    return Eye()


def _dirac(shape: _Shape, groups: int = 1) -> Law:
    if not 3 <= len(shape.sizes) <= 5:
        raise UsageError(f"it fills a tensor of 3 to 5 dimensions, not {len(shape.sizes)}.")
    if groups < 1 or shape.sizes[0] % groups:
        raise UsageError(f"{shape.sizes[0]} output channels do not divide into {groups} groups.")
    return Dirac(int(groups))


def _symmetric(shape: _Shape, std: float, spelling: str, normal: bool) -> Law:
    if shape.empty:
        return Any()
    if std == 0:
        return Constant(0.0)
    bound = math.sqrt(3.0) * std
    return Normal(0.0, std, spelling=spelling) if normal else Uniform(-bound, bound, spelling=spelling)


def _xavier(kind: str) -> Callable[..., Law]:
    def build(shape: _Shape, gain: float = 1.0) -> Law:
        fan_in, fan_out = shape.fans
        std = gain * math.sqrt(2.0 / max(fan_in + fan_out, 1))
        return _symmetric(shape, std, spelled(f"xavier_{kind}", gain=(gain, 1.0)), kind == "normal")

    return build


def _kaiming(kind: str) -> Callable[..., Law]:
    def build(shape: _Shape, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu") -> Law:
        if mode not in ("fan_in", "fan_out"):
            raise UsageError(f"mode is 'fan_in' or 'fan_out', not {mode!r}.")
        std = gain(nonlinearity, a) / math.sqrt(max(getattr(shape.fans, mode), 1))
        spelling = spelled(
            f"kaiming_{kind}", a=(a, 0.0), mode=(mode, "fan_in"), nonlinearity=(nonlinearity, "leaky_relu")
        )
        return _symmetric(shape, std, spelling, kind == "normal")

    return build


def _variance_scaling(
    shape: _Shape, scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal"
) -> Law:
    """Keras' VarianceScaling and `jax.nn.initializers.variance_scaling`; "normal" is JAX's word, not cut."""
    fan_in, fan_out = shape.fans
    denominators = {
        "fan_in": fan_in,
        "fan_out": fan_out,
        "fan_avg": (fan_in + fan_out) / 2,
        "fan_geo_avg": math.sqrt(fan_in * fan_out),
    }
    if mode not in denominators:
        raise UsageError(f"mode is one of {', '.join(denominators)}, not {mode!r}.")
    if distribution not in ("truncated_normal", "untruncated_normal", "normal", "uniform"):
        raise UsageError(f"distribution is truncated_normal, normal or uniform, not {distribution!r}.")
    std = math.sqrt(scale / max(denominators[mode], 1e-300))
    spelling = spelled(
        "variance_scaling",
        scale=(scale, 1.0),
        mode=(mode, "fan_in"),
        distribution=(distribution, "truncated_normal"),
    )
    if distribution == "truncated_normal" and std and not shape.empty:
        parent = std / _TRUNCATED_STD
        return TruncatedNormal(0.0, parent, -2 * parent, 2 * parent, spelling=spelling)
    return _symmetric(shape, std, spelling, distribution != "uniform")


def _orthogonal(shape: _Shape, gain: float = 1.0) -> Law:
    return Constant(0.0) if gain == 0 else Orthogonal(gain, *shape.matrix)


def _sparse(shape: _Shape, sparsity: float, std: float = 0.01) -> Law:
    if len(shape.sizes) != 2:
        raise UsageError(f"it fills a matrix, not a tensor of {len(shape.sizes)} dimensions.")
    return Sparse(sparsity, std, shape.sizes[0])


def spelled(name: str, **given: tuple[float | str, float | str]) -> str:
    """How a user types a call: each argument as (value, default), defaults left out."""
    typed = (
        f"{key}={value!r}" if isinstance(value, str) else f"{key}={spell(value)}"
        for key, (value, default) in given.items()
        if value != default
    )
    return f"{name}({', '.join(typed)})"


INITIALIZERS: dict[str, Callable[..., Law]] = {
    "uniform": _uniform,
    "normal": _normal,
    "trunc_normal": _trunc_normal,
    "constant": _constant,
    "ones": lambda _: Constant(1.0),
    "zeros": lambda _: Constant(0.0),
    "eye": _eye,
    "dirac": _dirac,
    "xavier_uniform": _xavier("uniform"),
    "xavier_normal": _xavier("normal"),
    "kaiming_uniform": _kaiming("uniform"),
    "kaiming_normal": _kaiming("normal"),
    "orthogonal": _orthogonal,
    "sparse": _sparse,
    "variance_scaling": _variance_scaling,
    "rand": lambda _: Uniform(0.0, 1.0, open_right=True),
    "randn": lambda _: Normal(),
    "empty": lambda _: Uninitialised(),
    "uninitialised": lambda _: Uninitialised(),
    "any": lambda _: Any(),
    "within": lambda _, low, high: Within(low, high),
}
"""Name to builder: shape and arguments to law. The first fourteen are torch.nn.init's."""
