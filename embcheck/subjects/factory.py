"""Building a model from a factory, more than once: same seed, another seed, poisoned memory."""

from __future__ import annotations

import contextlib
import os
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.model import inventory
from embcheck.subjects.state import poisoned, preserved
from embcheck.subjects.target import first_line, importable

if TYPE_CHECKING:
    from collections.abc import Iterator

Built = nn.Module | Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class Builds:
    """What building again showed. Names are those of the inventory."""

    compared: int
    """How many tensors were compared."""
    unequal: tuple[str, ...] = ()
    """Tensors that differ between two builds with one seed."""
    same: tuple[str, ...] = ()
    """Tensors that vary within and are equal under two seeds."""
    unfilled: Mapping[str, float] = field(default_factory=dict)
    """Tensors that show poison, with the fraction of their elements."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Experiments that could not be made, with the reason."""


def build(factory: Callable[[], Any], seed: int, name: str = "The factory") -> Built:
    """Call a factory with every random state seeded; what it prints goes to stderr.

    Raises:
        UsageError: it raised, called `sys.exit`, recursed without end, or returned neither a module nor tensors.
    """
    process = os.getpid()
    _seed(seed)
    try:
        with importable(), _stdout_to_stderr():
            built = factory()
    except SystemExit as error:
        _leave_if_forked(process)
        raise UsageError(f"{name} called sys.exit({error.code!r}) instead of returning a model.") from error
    except RecursionError as error:
        raise UsageError(f"{name} calls itself without end (RecursionError).") from error
    except UsageError:
        raise
    except Exception as error:
        _leave_if_forked(process)
        raise UsageError(f"{name} raised {type(error).__name__}: {first_line(error)}") from error
    _leave_if_forked(process)
    if isinstance(built, tuple) and built and isinstance(built[0], nn.Module):
        built = built[0]
    if isinstance(built, torch.Tensor):
        built = {"tensor": built}
    if isinstance(built, nn.Module):
        return built
    if isinstance(built, Mapping) and any(isinstance(v, torch.Tensor) for v in built.values()):
        return built
    raise UsageError(f"{name} returned {_described(built)}, not an nn.Module or a mapping of tensors.")


def _described(value: object) -> str:
    return "None" if value is None else "another function" if callable(value) else f"a {type(value).__name__}"


def _leave_if_forked(process: int) -> None:
    """A child that the factory forked must not go on as a second embcheck."""
    if os.getpid() != process:
        os._exit(0)


@contextlib.contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    """Also what C libraries and child processes write to descriptor 1."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the legacy state is what factories use
    torch.manual_seed(seed)


def rebuild(factory: Callable[[], Any], first: Built, seed: int, name: str = "The factory") -> Builds:
    """Build three more times and compare with the first build, which used `seed`; one extra model in memory at a
    time."""
    before = tensors_of(first)
    skipped: dict[str, str] = {}

    def again(seed: int, what: str, poison: bool = False) -> dict[str, torch.Tensor]:
        try:
            with preserved(), poisoned() if poison else contextlib.nullcontext():
                return tensors_of(build(factory, seed, name))
        except UsageError as error:
            skipped[what] = str(error)
            return {}

    twin = again(seed, "the same seed twice")
    unequal = [n for n, t in before.items() if n in twin and not same_bits(t, twin[n])]
    del twin
    other = again(seed + 1, "two seeds")
    same = [n for n, t in before.items() if n in other and varies(t) and same_bits(t, other[n])]
    changes = len(other)
    del other
    filled = again(seed, "poisoned memory", poison=True)
    unfilled = {n: f for n, t in filled.items() if (f := poison_in(t, before.get(n))) > 0}
    return Builds(max(changes, len(before)), tuple(unequal), tuple(same), unfilled, skipped)


def tensors_of(built: Built) -> dict[str, torch.Tensor]:
    """Every parameter and buffer, by its first name."""
    if isinstance(built, nn.Module):
        return {e.name: e.tensor.detach() for e in inventory(built).entries}
    return {str(k): v.detach() for k, v in built.items() if isinstance(v, torch.Tensor)}


def same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Equal in shape, dtype and every bit that counts: NaN equals NaN."""
    if a.shape != b.shape or a.dtype != b.dtype or a.is_meta or b.is_meta or a.layout != b.layout:
        return a.shape == b.shape and a.is_meta == b.is_meta and a.is_meta
    if a.layout != torch.strided or a.is_quantized:
        return True  # not compared
    b = b.to(a.device)
    if torch.equal(a, b):
        return True
    if not a.is_floating_point() and not a.is_complex():
        return False
    return bool(((a == b) | (a.isnan() & b.isnan())).all())


def varies(t: torch.Tensor) -> bool:
    """Whether a floating-point tensor holds more than one value."""
    if t.is_meta or not t.is_floating_point() or t.numel() < 2 or t.layout != torch.strided or t.is_quantized:
        return False
    flat = t.reshape(-1)
    return bool((flat != flat[0]).any())


def poison_in(t: torch.Tensor, ordinary: torch.Tensor | None) -> float:
    """Fraction of elements that are NaN when memory is poisoned and are not NaN by the model's own doing."""
    if t.is_meta or not t.is_floating_point() or not t.numel() or t.layout != torch.strided or t.is_quantized:
        return 0.0
    fraction = float(t.isnan().float().mean())
    if fraction and ordinary is not None and ordinary.is_floating_point() and not ordinary.is_meta:
        own = float(ordinary.isnan().float().mean())
        return fraction if own < fraction or own == 1.0 else 0.0
    return fraction
