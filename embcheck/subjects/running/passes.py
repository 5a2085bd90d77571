"""A model's forward and backward pass, watched in several independent builds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.propagation.traced.elementwise import fold
from embcheck.propagation.traced.trace import trace
from embcheck.stats.chunks import wide
from embcheck.subjects.running.factory import build
from embcheck.subjects.running.inputs import inputs_of
from embcheck.subjects.state import preserved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from embcheck.propagation.traced.graph import Trace
    from embcheck.subjects.target import Target


@dataclass(frozen=True)
class Passes:
    """What went in, and what was seen: one trace for each independent network."""

    traces: tuple[Trace, ...]
    fed: str
    model_type: str
    alone: str = ""
    """Why there is one network only, where more were asked for."""


def passes(
    target: Target,
    inputs: Any,
    *,
    seeds: int,
    seed: int,
    loss: Callable[[Any], torch.Tensor] | None = None,
    device: torch.device | None = None,
    dtype: torch.dtype | None = None,
    observe: Callable[[int, int], None] | None = None,
    first: nn.Module | None = None,
    folded: bool = False,
) -> Passes:
    """Build, feed and trace `seeds` networks, one in memory at a time.

    Args:
        target: a factory, or a module (then there is one network).
        inputs: as `inputs_of` reads them; made-up ones are drawn anew for each build.
        seeds: how many builds are asked for.
        seed: of the first build; the others follow it.
        loss: maps the output to a scalar, for the backward pass.
        device: where a factory's builds are moved to.
        dtype: what a factory's builds, and the inputs, are cast to.
        observe: told how many of how many are done.
        first: what `seed` built, if that has been done.
        folded: activations that are written out as modules become one operation.

    Raises:
        UsageError: no module, inputs that cannot be used; a `ForwardError` where the forward raises.
    """
    builds = 1 if target.factory is None else seeds
    traces: list[Trace] = []
    prints: list[tuple[float, ...]] = []
    fed = kind = ""
    for r in range(builds):
        with preserved():
            model = first if r == 0 and first is not None else _module(target, seed + r)
            if target.factory is not None and (device is not None or dtype is not None):
                model = model.to(device=device, dtype=dtype)
            given, said = inputs_of(inputs, model, seed + r)
            if dtype is not None:
                given = _cast(given, dtype)
            seen = trace(model, given, loss=loss, seed=seed + r, fed=said)
            traces.append(fold(seen, model) if folded else seen)
            prints.append(_fingerprint(model))
            fed, kind = fed or said, kind or type(model).__name__
        del model
        first = None
        if observe is not None:
            observe(r + 1, builds)
    if target.factory is None:
        alone = "it is one instance: give a factory, and independent builds show the spread" if seeds > 1 else ""
        return Passes(tuple(traces), fed, kind, alone)
    if builds > 1 and len(set(prints)) == 1 and prints[0]:
        why = f"the factory gives the same weights whatever the seed: {builds} builds are one network"
        return Passes(tuple(traces[:1]), fed, kind, why)
    return Passes(tuple(traces), fed, kind)


def _module(target: Target, seed: int) -> nn.Module:
    if target.module is not None:
        return target.module
    if target.factory is None:
        raise UsageError(f"{target.name} holds tensors and no forward: give a model, or package.module:factory.")
    built = build(target.factory, seed, target.name)
    if not isinstance(built, nn.Module):
        raise UsageError(f"{target.name} returned a mapping of tensors, not an nn.Module: there is no forward to run.")
    return built


def _fingerprint(model: nn.Module) -> tuple[float, ...]:
    """Tells builds with other draws apart."""
    return tuple(_sums(model))


def _sums(model: nn.Module) -> Iterator[float]:
    for p in model.parameters():
        if p.is_floating_point() and not p.is_meta and not nn.parameter.is_lazy(p):
            yield float(wide(p.detach()).sum())


def _cast(value: Any, dtype: torch.dtype) -> Any:
    if isinstance(value, torch.Tensor):
        return value.to(dtype) if value.is_floating_point() else value
    if type(value) in {tuple, list}:
        return type(value)(_cast(v, dtype) for v in value)
    if type(value) is dict:
        items: Mapping[Any, Any] = value
        return {k: _cast(v, dtype) for k, v in items.items()}
    return value
