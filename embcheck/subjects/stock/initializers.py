"""Every function of `torch.nn.init`, on shapes of two to five dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from embcheck.laws.initializers import law_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.stock.request import Request
    from embcheck.subjects.subject import Subject

GROUP = "torch.nn.init"

# Rectangular, so that fan_in and fan_out cannot be mistaken. 8,000 draws know the std of a normal to 0.8%
# and that of a uniform to 0.5%, so that one which is 5% off is six standard errors away. The generators of normals
# themselves are asked for more, for their tails: of 30,000 draws, 29 lie beyond 3.3 standard deviations.
_2D, _3D, _4D, _5D = (200, 150), (96, 64, 5), (72, 48, 3, 3), (48, 24, 3, 3, 3)
_WIDE = (150, 200)
_LARGE = (_2D, _3D, _4D, _5D)
_FLAT = (100, 80)
_SMALL = (_FLAT, (48, 32, 5), (36, 24, 3, 3), (24, 12, 3, 3, 3))
_RECTANGLES = (_2D, _WIDE, _4D)


@dataclass(frozen=True)
class Call:
    """One call of an initializer: its keyword arguments and the shapes it is tried on."""

    name: str
    shapes: tuple[tuple[int, ...], ...]
    arguments: dict[str, Any] = field(default_factory=dict)

    def spell(self, shape: tuple[int, ...]) -> str:
        """The call as a user types it: ``xavier_uniform_((384, 256), gain=1.414)``."""
        given = "".join(f", {key}={value!r}" for key, value in self.arguments.items())
        return f"{self.name}_({shape}{given})"


def _kaiming() -> Iterator[Call]:
    """Both modes on every shape, and every nonlinearity with a gain of its own in both modes."""
    for name in ("kaiming_uniform", "kaiming_normal"):
        for mode in ("fan_in", "fan_out"):
            yield Call(name, _SMALL, {"mode": mode, "nonlinearity": "relu"})
            for nonlinearity in ("linear", "sigmoid", "tanh", "selu"):
                yield Call(name, (_FLAT,), {"mode": mode, "nonlinearity": nonlinearity})
            yield Call(name, (_FLAT,), {"a": 0.2, "mode": mode, "nonlinearity": "leaky_relu"})
    yield Call("kaiming_uniform", (_FLAT,), {"a": 5**0.5})  # what nn.Linear and the convolutions call


CALLS: tuple[Call, ...] = (
    Call("uniform", _SMALL),
    Call("uniform", (_FLAT,), {"a": -0.1, "b": 0.3}),
    Call("normal", _LARGE),
    Call("normal", (_2D,), {"mean": 0.0, "std": 0.02}),
    Call("trunc_normal", _LARGE),
    Call("trunc_normal", (_2D,), {"std": 0.02, "a": -0.04, "b": 0.04}),
    Call("constant", _SMALL, {"val": 0.3}),
    Call("ones", _SMALL),
    Call("zeros", _SMALL),
    Call("eye", (_2D, _WIDE)),
    Call("dirac", (_3D, _4D, _5D)),
    Call("dirac", (_4D,), {"groups": 2}),
    Call("xavier_uniform", _SMALL),
    Call("xavier_uniform", (_FLAT,), {"gain": 1.414}),  # as graph attention code has it
    Call("xavier_normal", _SMALL),
    Call("xavier_normal", (_FLAT,), {"gain": 1.414}),
    *_kaiming(),
    Call("orthogonal", _RECTANGLES),
    Call("orthogonal", (_2D,), {"gain": 1.414}),
    Call("sparse", (_2D, _WIDE), {"sparsity": 0.1}),
)
NAMES: tuple[str, ...] = tuple(dict.fromkeys(call.name for call in CALLS))


def initializers(request: Request) -> Iterator[Subject]:
    """Each call on each of its shapes; `--init`, `--shape` and `--gain` narrow or replace them."""
    seen: set[str] = set()
    for call in CALLS:
        if request.init and call.name not in request.init:
            continue
        given = dict(call.arguments)
        if request.gain is not None and call.name in ("xavier_uniform", "xavier_normal", "orthogonal"):
            given["gain"] = request.gain
        for shape in (request.shape,) if request.shape else call.shapes:
            spelled = Call(call.name, call.shapes, given)
            name = spelled.spell(shape)
            if name in seen or not _takes(call.name, shape):
                continue
            seen.add(name)
            yield from request.draw(
                name,
                GROUP,
                partial(_fill, request, spelled, shape),
                law=law_of(call.name, shape, **given),
                role="weight",
            )


def _fill(request: Request, call: Call, shape: tuple[int, ...]) -> torch.Tensor:
    if call.name == "trunc_normal":
        return request.trunc_normal(request.empty(*shape), **call.arguments)
    tensor: torch.Tensor = getattr(torch.nn.init, f"{call.name}_")(request.empty(*shape), **call.arguments)
    return tensor


def _takes(name: str, shape: tuple[int, ...]) -> bool:
    """Whether the initializer is documented for tensors of that many dimensions."""
    if name in ("eye", "sparse"):
        return len(shape) == 2
    if name == "dirac":
        return len(shape) in (3, 4, 5)
    if name == "orthogonal" or name.startswith(("xavier", "kaiming")):
        return len(shape) >= 2
    return True
