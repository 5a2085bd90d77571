"""What building a factory's model again shows; of every build only fingerprints are kept."""

from __future__ import annotations

import contextlib
import gc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.access import obstacle, plain
from embcheck.subjects.inventory.fingerprint import Fingerprint, fingerprint
from embcheck.subjects.inventory.model import inventory
from embcheck.subjects.running.factory import Built, build
from embcheck.subjects.running.meta_build import Emptied, emptied
from embcheck.subjects.state import poisoned, preserved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LARGE = 1 << 26
"""Elements from which on a model's cycles are collected before the next one is built."""


@dataclass(frozen=True)
class Builds:
    """What building again showed. Names are those of the inventory."""

    compared: int
    """How many tensors were compared."""
    unequal: tuple[str, ...] = ()
    """Tensors that differ between two builds with one seed, although something fills them."""
    same: tuple[str, ...] = ()
    """Tensors that vary within and are equal under two seeds."""
    unfilled: Mapping[str, float] = field(default_factory=dict)
    """Tensors that show poison, with the fraction of their elements."""
    emptied: Emptied | None = None
    """What a build on ``meta`` showed; None where the factory gives no module."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Experiments that could not be made, with the reason."""


def taken(built: Built) -> dict[str, Fingerprint]:
    """The fingerprints of every parameter and buffer that can be read, by its first name."""
    return {name: fingerprint(tensor) for name, tensor in _tensors(built)}


def _tensors(built: Built) -> list[tuple[str, torch.Tensor]]:
    if isinstance(built, nn.Module):
        return [(e.name, e.tensor.detach()) for e in inventory(built).entries if not e.obstacle]
    return [(name, plain(tensor)) for name, tensor in built.items() if not obstacle(tensor)]


def rebuild(
    factory: Callable[[], Any], before: Mapping[str, Fingerprint], seed: int, name: str = "The factory"
) -> Builds:
    """Build again, four times and one at a time, and compare with the first build.

    Args:
        factory: as for `build`.
        before: `taken` from the first build, which used `seed`. The caller need not keep that build: then there is
            never more than one model in memory.
        seed: of the first build.
        name: what to call the factory.
    """
    skipped: dict[str, str] = {}
    large = sum(torch.Size(f.shape).numel() for f in before.values()) >= _LARGE

    if large:
        gc.collect()  # a trace of the first model may be in cycles

    def again(seed: int, what: str, poison: bool = False) -> dict[str, Fingerprint]:
        try:
            with preserved(), poisoned() if poison else contextlib.nullcontext():
                return taken(build(factory, seed, name))
        except UsageError as error:
            skipped[what] = str(error)
            return {}
        finally:
            if large:
                gc.collect()

    twin = again(seed, "the same seed twice")
    other = again(seed + 1, "two seeds")
    filled = again(seed, "poisoned memory", poison=True)
    unfilled = {n: share for n, f in filled.items() if (share := _poison(f, before.get(n))) > 0}
    unequal = [n for n, f in before.items() if n in twin and f != twin[n] and n not in unfilled]
    same = [n for n, f in before.items() if f.varies and f == other.get(n)]
    try:
        with preserved():
            on_meta = emptied(factory, seed, name)
    except UsageError as error:
        skipped["meta"], on_meta = str(error), None
    return Builds(max(len(before), len(other)), tuple(unequal), tuple(same), unfilled, on_meta, skipped)


def _poison(filled: Fingerprint, ordinary: Fingerprint | None) -> float:
    """Fraction of elements that show poison and do not show the same by the model's own doing."""
    size = torch.Size(filled.shape).numel()
    own = ordinary.poison if ordinary is not None else 0
    if not filled.poison or (own >= filled.poison and (own < size or not filled.dtype.is_floating_point)):
        return 0.0
    return filled.poison / size
