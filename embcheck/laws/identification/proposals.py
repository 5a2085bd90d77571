"""What a tensor may have been drawn from: every initializer with the parameters that people give it, for one shape.

Each proposal has a *cost* in nats: minus the logarithm of how often it is written, on a coarse scale (0 the layer's own
default, 1 an initializer as it stands, 3 to 4 a parameter that is somebody's habit, 7 one of a dense family). The scale
is a prior, not a measurement; at 1e5 elements the likelihood outweighs it by orders of magnitude wherever two laws
differ by more than a percent.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from embcheck.laws.declared import parse
from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.laws.fans import fans
from embcheck.laws.initializers import law_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from embcheck.laws.law import Law

    _Call = tuple[float, str, dict[str, Any]]
    """Cost, name and keyword arguments of an initializer."""


@dataclass(frozen=True)
class Proposal:
    """A law that a tensor may follow, and where it comes from."""

    law: Law
    cost: float
    layout: str = ""
    """The order of dimensions under which the initializer gives this law, if it is not torch's."""
    blocks: int = 1
    """Into how many fused weights the tensor falls, each with fans of its own."""

    @property
    def name(self) -> str:
        """What a user types, with what belongs beside it in a declaration."""
        extra = (f", layout {self.layout}" if self.layout else "") + (
            f", {self.blocks} blocks" if self.blocks > 1 else ""
        )
        return f"{self.law}{extra}"


STANDARD = {0.02: 1.0, 0.01: 1.5, 1.0: 1.5, 0.1: 2.0, 0.001: 2.0, 0.05: 3.0, 0.006: 4.0, 1e-6: 4.0, 1e-5: 5.0}
"""Constants of published code: GPT-2 and BERT, ResNet heads, embeddings, seq2seq, DeepSeek, gMLP's gates."""
GAINS = {
    1.0: 0.0,
    math.sqrt(2): 1.5,
    5 / 3: 2.0,
    0.75: 2.5,
    1.414: 2.5,
    0.5: 3.0,
    2.0: 3.0,
    0.1: 3.0,
    0.01: 3.0,
    1 / math.sqrt(2): 3.0,
}
"""Of xavier and orthogonal: `calculate_gain`'s, graph attention's 1.414, fairseq's 1/sqrt(2), policy heads' 0.01."""
_LEAKY = {"calculate_gain('leaky_relu')": 4.0, "calculate_gain('leaky_relu', 0.2)": 3.5}
SLOPES = {0.0: 0.0, math.sqrt(5): 1.0, 0.2: 2.5, 0.01: 3.5, 0.1: 4.5, 0.25: 5.0}
"""Of kaiming with leaky_relu."""
_DEPTHS = (6, 8, 12, 16, 24, 32, 36, 40, 48)
"""Numbers of layers in published models."""
_DIGITS = {float(f"{d}e-{k}"): 8.0 for k in range(5) for d in range(1, 10)}
_WIDTHS = {0.1: 1.0, 0.01: 2.0, 0.05: 2.0, 0.08: 2.0, 1.0: 2.0, 0.001: 2.5, 0.5: 3.0}
"""Bounds of uniforms in published code."""


def own(shape: tuple[int, ...], module: nn.Module | None, name: str) -> Iterator[Proposal]:
    """The layer's documented default, or of a recurrent weight in a checkpoint what its name and shape imply."""
    local = name.rpartition(".")[2]
    if module is not None:
        from embcheck.laws.layers import promised

        laws = promised(module)
        law = next((laws[key] for key in laws if f".{name}".endswith(f".{key}")), None)
        law = getattr(law, "base", law)
        if law is not None and law.iid:
            yield Proposal(law, 0.0)
    elif re.match(r"(weight|bias)_[ih]h(_l\d+)?(_reverse)?$", local):
        for gates, cost in ((4, 0.5), (3, 0.5), (1, 1.0)):
            if shape[0] % gates == 0:
                bound = 1 / math.sqrt(shape[0] // gates)
                yield Proposal(Uniform(-bound, bound, spelling="default()"), cost)


def known(shape: tuple[int, ...], recurrent: bool) -> tuple[Proposal, ...]:
    """What is tried for every tensor of this shape; a recurrent weight may be several, fused."""
    found: list[Proposal] = []
    if len(shape) >= 2 and 0 not in shape:
        found += _scaled(shape, "", 1, 0.0)
        for layout in _layouts(len(shape)):
            found += _scaled(shape, layout, 1, 3.0)
        for blocks in (3, 4):
            if shape[0] == blocks * shape[1] or (recurrent and shape[0] % blocks == 0):
                found += _scaled((shape[0] // blocks, *shape[1:]), "", blocks, 3.0)
        found += _formulas(shape)
        found += _by_depth(shape)
    elif len(shape) == 1:
        found += _vector(shape[0])
    return tuple(found)


def constants() -> Iterator[Proposal]:
    """What is tried for every tensor: laws whose parameters are numbers."""
    for std, cost in {**_DIGITS, **STANDARD}.items():
        yield Proposal(Normal(0.0, std), cost)
        for sigmas in (2, 3):
            yield Proposal(TruncatedNormal(0.0, std, -sigmas * std, sigmas * std), cost + 1.5)
    yield Proposal(TruncatedNormal(0.0, 1.0, -2.0, 2.0), 1.0)
    yield Proposal(Normal(1.0, 0.02), 2.0)  # the norms of DCGAN
    for bound, cost in {**_DIGITS, **_WIDTHS}.items():
        yield Proposal(Uniform(-bound, bound), cost)
        yield Proposal(Uniform(0.0, bound), cost + 2)
    yield Proposal(Uniform(0.0, 1.0), 1.0)
    for layers in range(1, 129):
        usual = 3.0 if layers in _DEPTHS else 7.0
        spelling = f"normal(0, 0.02/sqrt(2*{layers}))"  # GPT-2's residual projections
        yield Proposal(Normal(0.0, 0.02 / math.sqrt(2 * layers), spelling=spelling), usual)


def _by_depth(shape: tuple[int, ...]) -> Iterator[Proposal]:
    """CLIP's inner projections (Radford et al. 2021): their scale falls with the number of layers as well."""
    own = fans(shape)
    for mode, size, further in (("fan_in", own.fan_in, 0.0), ("fan_out", own.fan_out, 1.0)):
        for layers in (*range(2, 13), 16, 24, 32, 36, 40, 48):
            std = 1 / math.sqrt(2 * layers * size)
            cost = (5.5 if layers in _DEPTHS else 8.0) + further
            yield Proposal(Normal(0.0, std, spelling=f"normal(0, 1/sqrt(2*{layers}*{mode}))"), cost)


def _scaled(shape: tuple[int, ...], layout: str, blocks: int, extra: float) -> Iterator[Proposal]:
    """Xavier, kaiming and variance scaling with every usual gain."""

    def made(calls: Iterator[_Call]) -> Iterator[Proposal]:
        for cost, name, options in calls:
            yield Proposal(law_of(name, shape, layout=layout, **options), cost + extra, layout, blocks)

    for kind in ("uniform", "normal"):
        yield from made(_xavier(kind))
        for text, cost in _LEAKY.items():
            law = parse(f"xavier_{kind}(gain={text})").law(shape, layout=layout)
            yield Proposal(law, 1.0 + cost + extra, layout, blocks)
        yield from made(_kaiming(kind))
    yield from made(_variance_scaling())


def _xavier(kind: str) -> Iterator[_Call]:
    for gain, cost in GAINS.items():
        yield 1.0 + cost, f"xavier_{kind}", {"gain": gain}


def _kaiming(kind: str) -> Iterator[_Call]:
    for mode, further in (("fan_in", 0.0), ("fan_out", 0.8)):
        for slope, cost in SLOPES.items():
            yield 1.0 + cost + further, f"kaiming_{kind}", {"a": slope, "mode": mode}
        for nonlinearity, cost in (("relu", 0.1), ("linear", 1.0), ("tanh", 2.0), ("selu", 2.0)):
            yield 1.0 + cost + further, f"kaiming_{kind}", {"mode": mode, "nonlinearity": nonlinearity}


def _variance_scaling() -> Iterator[_Call]:
    distributions = (("truncated_normal", 0.0), ("normal", 1.0), ("uniform", 1.0))
    for (mode, cost), scale in product((("fan_in", 1.0), ("fan_out", 2.0), ("fan_avg", 2.0)), (1.0, 2.0)):
        for distribution, further in distributions:
            total = 1.5 + cost + further + 0.5 * (scale != 1)
            yield total, "variance_scaling", {"scale": scale, "mode": mode, "distribution": distribution}


def _layouts(ndim: int) -> tuple[str, ...]:
    """Orders in which the fans are others than torch's, or than torch's with the modes swapped."""
    return {
        2: (),
        3: ("e,out,in", "e,in,out", "k,in,out"),
        4: ("k,k,in,out", "e,out,in,k"),
        5: ("k,k,k,in,out",),
    }.get(ndim, ())


def _formulas(shape: tuple[int, ...]) -> Iterator[Proposal]:
    """Formulas of papers and well-known code that no initializer has."""
    texts = {
        "normal(0, 1/sqrt(fan_in))": 2.1,
        "normal(0, 1/sqrt(fan_out))": 3.1,
        "uniform(-1/sqrt(fan_in), 1/sqrt(fan_in))": 2.1,
        "uniform(-1/sqrt(fan_out), 1/sqrt(fan_out))": 3.1,
        "normal(0, sqrt(2/(5*fan_in)))": 4.0,  # Nguyen and Salazar 2019
        "uniform(-0.5/fan_in, 0.5/fan_in)": 3.0,  # word2vec
        "uniform(-1/fan_out, 1/fan_out)": 3.0,
        "uniform(-1/fan_in, 1/fan_in)": 3.0,
        "normal(0, 1/sqrt(2*fan_in))": 4.0,  # CLIP
        "normal(0, 1/fan_in)": 5.0,
        "normal(0, 1/fan_out)": 5.0,
    }
    for text, cost in texts.items():
        yield Proposal(parse(text).law(shape), cost)


def _vector(size: int) -> Iterator[Proposal]:
    """A bias takes its bound from the fan in of a weight that a checkpoint does not name."""
    for fan in sorted(
        {2**k for k in range(14)} | {96 * 2**k for k in range(9)} | {80 * 2**k for k in range(8)} | {size}
    ):
        bound = 1 / math.sqrt(fan)
        spelling = f"uniform(-1/sqrt({fan}), 1/sqrt({fan}))"
        yield Proposal(Uniform(-bound, bound, spelling=spelling), 4.0)
