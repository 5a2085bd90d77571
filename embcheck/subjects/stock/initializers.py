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

# Rectangular, so that fan_in and fan_out cannot be mistaken for each other, and of at least 30,000 elements, at which
# a std that is 5% off is caught (30,000 draws know their std to 0.4%).
_2D, _3D, _4D, _5D = (200, 150), (96, 64, 5), (72, 48, 3, 3), (48, 24, 3, 3, 3)
_WIDE = (150, 200)
_ALL = (_2D, _3D, _4D, _5D)
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
            yield Call(name, _ALL, {"mode": mode, "nonlinearity": "relu"})
            for nonlinearity in ("linear", "sigmoid", "tanh", "selu"):
                yield Call(name, (_2D,), {"mode": mode, "nonlinearity": nonlinearity})
            yield Call(name, (_2D,), {"a": 0.2, "mode": mode, "nonlinearity": "leaky_relu"})
    yield Call("kaiming_uniform", (_2D, _4D), {"a": 5**0.5})  # what nn.Linear and the convolutions call


CALLS: tuple[Call, ...] = (
    Call("uniform", _ALL),
    Call("uniform", (_2D,), {"a": -0.1, "b": 0.3}),
    Call("normal", _ALL),
    Call("normal", (_2D,), {"mean": 0.0, "std": 0.02}),
    Call("trunc_normal", _ALL),
    Call("trunc_normal", (_2D,), {"std": 0.02, "a": -0.04, "b": 0.04}),
    Call("constant", _ALL, {"val": 0.3}),
    Call("ones", _ALL),
    Call("zeros", _ALL),
    Call("eye", (_2D, _WIDE)),
    Call("dirac", (_3D, _4D, _5D)),
    Call("dirac", (_4D,), {"groups": 2}),
    Call("xavier_uniform", _ALL),
    Call("xavier_uniform", (_2D,), {"gain": 1.414}),  # as graph attention code has it
    Call("xavier_normal", _ALL),
    Call("xavier_normal", (_2D,), {"gain": 1.414}),
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
