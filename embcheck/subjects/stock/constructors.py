"""Tensor constructors, memory that promises nothing, and what assigning to a module registers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.laws.families import Constant, Normal, Uniform
from embcheck.subjects.state import poisoned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from embcheck.laws.law import Law
    from embcheck.subjects.stock.request import Request
    from embcheck.subjects.subject import Subject

GROUP = "constructors"
_N = 32_000


def constructors(request: Request) -> Iterator[Subject]:
    """`rand`, `randn`, constants, `empty` and `Tensor`, registration."""
    place = request.place
    unit = Uniform(0.0, 1.0, open_right=True)
    drawn: dict[str, tuple[Callable[[], torch.Tensor], Law]] = {
        f"rand({_N})": (lambda: torch.rand(_N, **place), unit),
        f"randn({_N})": (lambda: torch.randn(_N, **place), Normal(0.0, 1.0)),
        "zeros(64, 32)": (lambda: torch.zeros(64, 32, **place), Constant(0.0)),
        "ones(64, 32)": (lambda: torch.ones(64, 32, **place), Constant(1.0)),
        "full((64, 32), 0.5)": (lambda: torch.full((64, 32), 0.5, **place), Constant(0.5)),
    }
    for name, (make, law) in drawn.items():
        yield from request.draw(name, GROUP, make, law=law)
    yield from request.draw("empty(2, 3)", GROUP, _poisoned(lambda: request.empty(2, 3)), kind="uninitialised")
    if request.device.type == "cpu" and request.dtype == torch.float32:  # the old constructor knows no other
        yield from request.draw("Tensor(2, 3)", GROUP, _poisoned(lambda: torch.Tensor(2, 3)), kind="uninitialised")
    yield from _registration(request)


def _poisoned(make: Callable[[], torch.Tensor]) -> Callable[[], torch.Tensor]:
    def poisoned_make() -> torch.Tensor:
        with poisoned():
            return make()

    return poisoned_make


def _registration(request: Request) -> Iterator[Subject]:
    """What `named_parameters`, `named_modules` and `state_dict` list after one assignment."""

    def parameter(module: nn.Module) -> None:
        module.w = nn.Parameter(torch.zeros(2, **request.place))

    def plain(module: nn.Module) -> None:
        module.w = torch.zeros(2, **request.place)

    def buffer(module: nn.Module) -> None:
        module.register_buffer("w", torch.zeros(2, **request.place))

    def submodule(module: nn.Module) -> None:
        module.add_module("sub", nn.PReLU(**request.place))

    nothing: frozenset[str] = frozenset()
    cases: dict[str, tuple[Callable[[nn.Module], None], frozenset[str], frozenset[str], frozenset[str]]] = {
        "self.w = nn.Parameter(t)": (parameter, frozenset({"w"}), nothing, frozenset({"w"})),
        "self.w = t (a plain tensor)": (plain, nothing, nothing, nothing),
        'self.register_buffer("w", t)': (buffer, nothing, nothing, frozenset({"w"})),
        'self.add_module("sub", nn.PReLU())': (
            submodule, frozenset({"sub.weight"}), frozenset({"sub"}), frozenset({"sub.weight"}),
        ),
    }  # fmt: skip
    for name, (assign, parameters, modules, state) in cases.items():
        documented = {"named_parameters": parameters, "named_modules": modules, "state_dict": state}
        yield from request.draw(
            name, GROUP, partial(_listings, assign), kind="registering", facts={"documented": documented}
        )


def _listings(assign: Callable[[nn.Module], None]) -> dict[str, Any]:
    module = nn.Module()
    assign(module)
    return {
        "named_parameters": frozenset(name for name, _ in module.named_parameters()),
        "named_modules": frozenset(name for name, _ in module.named_modules() if name),
        "state_dict": frozenset(module.state_dict()),
    }
