"""Randomness itself: seeds, successive draws, slices, views and layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.initializers import law_of
from embcheck.seeds import stable_seed
from embcheck.subjects.state import preserved, seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from embcheck.subjects.stock.request import Request
    from embcheck.subjects.subject import Subject

GROUP = "randomness"
_5D = (6, 5, 4, 16, 16)
_ROWS, _COLUMNS = 192, 160
UNTOUCHED = -7.0
"""What the memory beside a view holds before the view is initialised; no law here can draw it."""


def randomness(request: Request) -> Iterator[Subject]:
    """Draws that must be equal, draws that must differ, and inits that must reach the memory they were given."""
    yield from _seeded(request)
    for name, make, law in (
        (f"randn{_5D}", lambda: torch.randn(_5D, **request.place), Normal(0.0, 1.0)),
        (f"rand{_5D}", lambda: torch.rand(_5D, **request.place), Uniform(0.0, 1.0, open_right=True)),
    ):
        yield from request.draw(name, GROUP, make, law=law)
    yield from _views(request)


def _seeded(request: Request) -> Iterator[Subject]:
    """The same seed gives the same tensor, and the draw after it another."""
    makers: dict[str, Callable[[], torch.Tensor]] = {
        "rand": lambda: torch.rand(64, 48, **request.place),
        "randn": lambda: torch.randn(64, 48, **request.place),
        "nn.init.uniform_": lambda: nn.init.uniform_(request.empty(64, 48)),
        "nn.init.normal_": lambda: nn.init.normal_(request.empty(64, 48)),
        "nn.init.trunc_normal_": lambda: request.trunc_normal(request.empty(64, 48)),
        "nn.init.orthogonal_": lambda: nn.init.orthogonal_(request.empty(64, 48)),
        "nn.Embedding": lambda: nn.Embedding(64, 48, **request.place).weight.detach(),
        "nn.Linear": lambda: nn.Linear(64, 48, **request.place).weight.detach(),
    }
    for name, make in makers.items():
        start = stable_seed(request.seed, name, "seeded")

        def thrice(make: Callable[[], torch.Tensor] = make, start: int = start) -> dict[str, torch.Tensor]:
            with preserved():
                seed(request.device, start)
                first, second = make(), make()
                seed(request.device, start)
                return {"first": first, "second": second, "again": make()}

        yield from request.draw(f"{name}, drawn under one seed", GROUP, thrice, kind="draws")


def _views(request: Request) -> Iterator[Subject]:
    """An in-place init of a view reaches every element of the view and nothing beside it.

    torch promises nothing about *which* draws a transposed or strided tensor gets from a seed (on CPU they differ from
    a contiguous one's), only that they follow the law; an initializer without randomness (eye_) must agree.
    """
    views: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "every second column": lambda base: base[:, ::2],
        "the transpose": lambda base: base.t(),
        "an inner block": lambda base: base[16:-16, 16:-16],
    }
    for label, view in views.items():
        for name, law in (("normal", Normal(0.0, 1.0)), ("uniform", Uniform(0.0, 1.0))):

            def make(name: str = name, view: Callable[[torch.Tensor], torch.Tensor] = view) -> dict[str, torch.Tensor]:
                base = torch.full((_ROWS, _COLUMNS), UNTOUCHED, **request.place)
                getattr(nn.init, f"{name}_")(view(base))
                inside = torch.zeros_like(base, dtype=torch.bool)
                view(inside).fill_(True)
                return {"view": view(base), "inside": base[inside], "outside": base[~inside]}

            yield from request.draw(
                f"{name}_({label} of a {_ROWS}x{_COLUMNS} tensor)", GROUP, make, law=law, kind="view",
                facts={"untouched": UNTOUCHED},
            )  # fmt: skip
            if name == "normal":  # a transposed normal_ draws by another kernel than a contiguous one
                yield from request.draw(
                    f"{name}_({label} of a {_ROWS}x{_COLUMNS} tensor), values", GROUP,
                    lambda: make()["view"], law=law,
                )  # fmt: skip
    yield from request.draw(
        f"eye_(the transpose of a {_ROWS}x{_COLUMNS} tensor)",
        GROUP,
        lambda: nn.init.eye_(request.empty(_ROWS, _COLUMNS).t()),
        law=law_of("eye", (_COLUMNS, _ROWS)),
    )
