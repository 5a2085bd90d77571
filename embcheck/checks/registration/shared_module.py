"""One layer object sits at several places of a stack.

## What it checks
Modules with parameters that are reachable by several names which differ only in their numbers: `layers.0.ff` and
`layers.1.ff` are one object. A part that follows another one, by its name (target, teacher, ema, momentum), and is that
other one. Layers that hold nothing but vectors (activations and norms with parameters) at places of any names. One
layer that is every entry of an `nn.ModuleDict` of three or more (`dict.fromkeys(tasks, head)`), one parameter that is
at several places of an `nn.ParameterList`. Layers that `copy.copy` made: two objects over one dictionary of parameters.

## Why it matters
The stack looks deep and has the weights of one layer. It happens when a layer made once is passed to every element, as
a default argument, from a dictionary of activations, or as `[layer] * n`. The state dict lists it n times, so the
parameter count looks right. A target network that is the network itself moves with every step of it.

## How it decides
Certain: identity of objects. Sharing matrices between places with different names (an embedding in encoder and decoder,
tied heads, towers of a siamese network) is meant and passes, and so is a block that is registered twice with all that
it holds. A warning, because some models share layers across depth
(ALBERT, Universal Transformer).

## How to fix
Make a new layer for each element: `nn.ModuleList([make() for _ in range(n)])`.

## Example
`nn.ModuleList([Layer(d, ff) for _ in range(6)])` where `ff` was made before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from torch import nn

from embcheck.checks.mechanisms.frozen_twins import follower
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.model import Entry, Inventory, Sharing
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_SEVERAL = 3
"""Two names for one module are a choice (the towers of a siamese network)."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look for one object at several indices of a stack."""
    census: Census = subject.value
    if census.inventory is None:
        return
    told: list[str] = []
    places = [frozenset(s.names) for s in census.inventory.shared_modules]
    for shared in census.inventory.shared_modules:
        stacks: dict[str, list[str]] = {}
        for name in shared.names:
            stacks.setdefault(re.sub(r"(?<![^.])\d+(?![^.])", "*", name), []).append(name)
        names = max(stacks.values(), key=len)
        nested = any({n.rpartition(".")[0] for n in shared.names} <= names for names in places)
        if len(names) < 2 and not nested and (_follows_itself(shared.names) or _vectors(shared.value)):
            names = list(shared.names)
        names = names if len(names) > 1 else _every_entry(shared, census.inventory)
        if len(names) < 2 or not shared.numel or any(names[0].startswith(t + ".") for t in told):
            continue
        told.append(names[0])
        shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
        yield Evidence(
            f"{shown} are one {shared.kind} object: {len(names)} places, the weights of one "
            f"({shared.numel} parameters)",
            measured=float(len(names)), expected=1.0, allowed=1.0, n=shared.numel, part=names[0], holds=False,
            fix=f"nn.ModuleList([make_{names[0].rpartition('.')[2]}() for _ in range({len(names)})])"
            if names[0].rpartition(".")[2].isidentifier() else f"build {len(names)} layers, one each",
        )  # fmt: skip
    for names, numel in _repeated(census.inventory.entries, census.inventory.modules):
        told.append(names[0])
        yield Evidence(
            f"{', '.join(names[:4])}{', ...' if len(names) > 4 else ''} are one nn.Parameter: {len(names)} places, "
            f"the {numel} elements of one",
            measured=float(len(names)), expected=1.0, allowed=1.0, n=numel, part=names[0], holds=False,
            fix=f"nn.ParameterList([make() for _ in range({len(names)})])",
        )  # fmt: skip
    for names in _shallow(census.inventory.modules):
        told.append(names[0])
        yield Evidence(
            f"{', '.join(names[:4])}{', ...' if len(names) > 4 else ''} are shallow copies: {len(names)} objects over "
            "one dictionary of parameters",
            measured=float(len(names)), expected=1.0, allowed=1.0, n=len(names), part=names[0], holds=False,
            fix="copy.deepcopy instead of copy.copy, and reset_parameters() on each copy",
        )  # fmt: skip
    if not told:
        yield Evidence("no layer sits at two places of one stack", holds=True)


def _follows_itself(names: Sequence[str]) -> bool:
    """Whether one of the names says that it follows, and another one does not."""
    following = [follower(n) for n in names]
    return any(following) and not all(following)


def _every_entry(shared: Sharing, inventory: Inventory) -> list[str]:
    """Its names in a dictionary of three modules or more that holds nothing else."""
    for path in dict.fromkeys(n.rpartition(".")[0] for n in shared.names):
        holder = inventory.modules.get(path)
        entries = dict(holder.items()) if isinstance(holder, nn.ModuleDict) else {}
        if len(entries) >= _SEVERAL and all(entry is shared.value for entry in entries.values()):
            return [f"{path}.{key}" if path else key for key in entries]
    return []


def _repeated(entries: Sequence[Entry], modules: Mapping[str, nn.Module]) -> Iterator[tuple[list[str], int]]:
    """Names of one parameter that sits at several places of one list, and its size."""
    for entry in entries:
        lists: dict[str, list[str]] = {}
        for name in (entry.name, *entry.aliases):
            lists.setdefault(name.rpartition(".")[0], []).append(name)
        for path, names in lists.items():
            if len(names) > 1 and isinstance(modules.get(path), nn.ParameterList):
                yield names, entry.tensor.numel()


def _shallow(modules: Mapping[str, nn.Module]) -> Iterator[list[str]]:
    """Names of modules that hold their parameters in one dictionary."""
    holders: dict[int, list[str]] = {}
    for path, module in modules.items():
        own = module._parameters  # noqa: SLF001 - torch has no public name for it
        if any(p is not None for p in own.values()):
            holders.setdefault(id(own), []).append(path)
    yield from (names for names in holders.values() if len(names) > 1)


def _vectors(module: nn.Module) -> bool:
    """Whether it is a layer of its own, and all its parameters are vectors or scalars."""
    own = list(module.parameters(recurse=False))
    return not list(module.children()) and bool(own) and all(p.dim() <= 1 for p in own)
