"""Sound models, with random weights and no downloads: torch.nn's own, and those of libraries that happen to be installed.

Each family is a module with `models()`, which yields `Sound` entries and imports its library when it is called.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from torch import nn

FAMILIES = (
    "layers",
    "hub",
    "hub_heads",
    "vision",
    "timm_models",
    "graphs",
    "recommenders",
    "ctr",
    "diffusion",
    "sequences",
    "medical",
)


@dataclass(frozen=True)
class Sound:
    """One model: how to build it, and what to feed it."""

    name: str
    library: str
    build: Callable[[], nn.Module]
    inputs: Callable[[nn.Module], Any] | None = None
    """From the model to a tuple or mapping for its forward; None where none is at hand."""


def models(wanted: Collection[str] = ()) -> Iterator[Sound]:
    """Every model, or those whose name or family is wanted."""
    families = [f for f in FAMILIES if f in wanted]
    for family in families if len(families) == len(wanted) and wanted else FAMILIES:
        try:
            with quiet():
                found = list(importlib.import_module(f"zoo.{family}").models())
        except ImportError as error:
            print(f"{family}: not installed ({error})")
            continue
        yield from (m for m in found if family in wanted or not wanted or m.name in wanted)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Libraries print and warn while they build."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield
