"""A tensor or a layer is held by the model but not registered.

## What it checks
Attributes of every module, and plain lists, tuples, dicts, sets and dataclasses in them: layers with parameters,
`nn.Parameter`s, and tensors that came out of an operation on a parameter. With inputs: every `nn.Parameter` that takes
part in the forward, wherever it comes from: an object that is no module, a closure, a layer that the forward makes
anew; and every plain tensor that it uses. Buffers that ask for a gradient.

## Why it matters
`parameters()`, `state_dict()`, `.to()` and the optimizer do not see them: they are used in the forward, never trained,
never saved, and stay on their device. `nn.Parameter(x).to(device)` is a plain tensor; a second `Module.__init__` throws
away what was registered before it.

## How it decides
Certain: what is reachable from `__dict__`, and what the operations of one forward pass use, is compared, by identity,
with what is registered. What weight norm, spectral norm and pruning compute (`weight` beside `weight_v` or
`weight_orig`) is meant. A single layer wrapped in a list is a known way to hide it on purpose and only a warning. A
plain tensor without gradient is a warning where it is lost for certain: its 64 elements or more follow an initializer's
law (a random projection or memory that no state dict holds: after loading it is another one), or it was left behind on
another device than every registered floating-point tensor of the model, or in float32 where those are float64. With
inputs it is a warning too where the forward computes with it, since `.to()`, `.half()` and `.double()` pass it by and
the two then meet; a number without a dimension, which mixes with any device, an index, what the forward itself brings
to a device and a dtype, and what it writes or replaces (a cache, a state) are none. Else a note. A tensor with a
gradient that was computed from registered parameters alone is an error if it is certain that the constructor computed
it, once: a factory has just built the model, or a pass over inputs has left it in its place. Else it is a warning, for
a model that was run before may hold an activation of its last forward. Objects of other classes are not searched, only
seen when the forward uses them. A buffer with `requires_grad` that is a leaf (`register_buffer` of an `nn.Parameter`)
is a warning: it is saved and moved, gathers a gradient, and no optimizer over `parameters()` steps it. No false alarm
otherwise.

## How to fix
`nn.ModuleList`, `nn.ModuleDict`, `nn.ParameterList`, or `register_buffer`; wrap last: `nn.Parameter(x.to(device))`.

## Example
`self.hidden = [nn.Linear(d, d) for _ in range(3)]`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import dense
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Trace, Unregistered
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.inventory.model import Entry, Inventory, Stray
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "trace", "failed-forward"})
_USED = "the forward computes with it, on whatever device and in whatever dtype the model then is"
_ENOUGH = 64
"""Fewer elements than this fit any law."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Go through what the walk over the model, or the pass through it, found outside of the registers."""
    census: Census = subject.facts["census"]
    if census.inventory is None:
        return
    found = [s for s in census.inventory.strays if not _computed(s, census.inventory)]
    if subject.kind == "trace":
        kept = census.inventory.kept()
        found = [s for s in found if s.what != "tensor" or id(s.value) in kept]
    own = [e.tensor for e in census.inventory.entries if e.tensor.is_floating_point()]
    constants = [s for s in found if s.what == "tensor" and s.leaf and not s.value.requires_grad]
    if subject.kind == "trace":
        yield from _used(subject.value, census)
        yield from _constants(subject.value, constants, own)
    if subject.kind == "failed-forward":
        yield from (_constant(s, own) for s in constants)
    if subject.kind != "model":
        yield from (_lost(s, found, once=subject.kind == "trace") for s in found if s.derived)
        return
    for stray in found:
        if any(stray is s for s in constants):
            if not subject.facts.get("traced"):  # else asked of the trace, or of the forward that failed
                yield _constant(stray, own)
        elif not (stray.derived and subject.facts.get("traced")):
            yield _lost(stray, found, once=bool(subject.facts.get("just_built")))
    asking = [e for e in census.inventory.entries if e.kind == "buffer" and e.trainable and _is_leaf(e)]
    for entry in asking:
        yield Evidence(
            f"a buffer of {entry.tensor.numel()} elements requires a gradient: it gathers one, and parameters() and "
            "the optimizer do not see it",
            measured=float(entry.tensor.numel()), n=entry.tensor.numel(), part=entry.name, holds=False,
            severity=Severity.WARNING,
            fix=f'self.register_buffer("{entry.role}", value.detach())  # or self.{entry.role} = nn.Parameter(value)',
        )  # fmt: skip
    if not found and not asking:
        yield Evidence("every tensor and layer that the model holds is registered", holds=True)


def _is_leaf(entry: Entry) -> bool:
    """Whether nothing computed it: what a forward has written into a buffer may hold on to its graph."""
    value = entry.module._buffers.get(entry.role) if entry.module is not None else None  # noqa: SLF001 - torch has no public name for it
    return value is not None and value.is_leaf


def _lost(stray: Stray, found: list[Stray], *, once: bool) -> Evidence:
    siblings = [s for s in found if s.container and _base(s) == _base(stray)]
    sentence, severity, fix = _told(stray, siblings) if once or not stray.derived else _left(stray)
    return Evidence(
        sentence, measured=float(stray.numel), n=stray.numel, part=stray.name, holds=False, severity=severity, fix=fix
    )


def _used(trace: Trace, census: Census) -> Iterator[Evidence]:
    """Parameters of the forward that nothing registers; what the walk has found already is not told again."""
    strays = census.inventory.strays if census.inventory is not None else ()
    told = {id(p) for s in strays if s.what == "module" for p in s.value.parameters()} | {id(s.value) for s in strays}
    groups: dict[str, list[Unregistered]] = {}
    for found in trace.unregistered:
        if found.identity not in told:
            groups.setdefault(found.module, []).append(found)
    for module, members in groups.items():
        count = sum(math.prod(m.shape) for m in members)
        uses = ", ".join(f"{m.op} {m.shape}" for m in members[:3]) + (", ..." if len(members) > 3 else "")
        yield Evidence(
            f"its forward uses {len(members)} nn.Parameter{'s' if len(members) > 1 else ''} ({uses}; {count} elements) "
            "that no module registers: made in forward(), or held by an object or a function that is no nn.Module",
            measured=float(count), expected=0.0, allowed=0.0, n=count, part=module, holds=False,
            fix="make the layer in __init__ and keep it as an attribute of the module",
        )  # fmt: skip


def _told(stray: Stray, siblings: list[Stray]) -> tuple[str, Severity | None, str]:
    where = f"in a plain {stray.container}" if stray.container else "set past nn.Module's register"
    name = stray.name.rpartition(".")[2]
    if stray.what == "module":
        alone = len(siblings) <= 1 if stray.container else True
        kind = type(stray.value).__name__
        holder = {"dict": "nn.ModuleDict"}.get(stray.container, "nn.ModuleList")
        return (
            f"a {kind} with {stray.numel} parameters is {where}: parameters(), state_dict() and .to() miss it",
            Severity.WARNING if alone else None,
            f"self.{_base(stray)} = {holder}(self.{_base(stray)})" if stray.container else f"self.{name} = {name}",
        )
    if stray.what == "parameter":
        return (
            f"an nn.Parameter of {stray.numel} elements is {where}: parameters() and state_dict() miss it",
            None,
            "keep it in an nn.ParameterList"
            if stray.container
            else f'self.register_parameter("{name}", ...) after super().__init__()',
        )
    made = "came out of an operation on a parameter" if not stray.leaf else "requires a gradient"
    return (
        f"a tensor of {stray.numel} elements {made} and is no parameter: the optimizer and state_dict() miss it",
        None if not stray.container else Severity.WARNING,
        f"self.{name} = nn.Parameter(value.to(device))  # wrap last",
    )


def _constants(trace: Trace, constants: list[Stray], own: list[torch.Tensor]) -> Iterator[Evidence]:
    """Plain tensors without a gradient: the forward computes with some of them, whatever their dtype."""
    known = {s.name for s in constants}
    for stray in constants:
        yield _constant(stray, own, used=stray.name in trace.plain)
    for name, numel in trace.plain.items():
        if name not in known:
            yield _unmoved(name, numel, _USED, Severity.WARNING)


def _constant(stray: Stray, own: list[torch.Tensor], *, used: bool = False) -> Evidence:
    lost = _left_behind(stray.value, own) or _drawn(stray.value) or (_USED if used else "")
    return _unmoved(stray.name, stray.numel, lost, Severity.WARNING if lost else Severity.NOTE)


def _unmoved(name: str, numel: int, lost: str, severity: Severity) -> Evidence:
    role = name.rpartition(".")[2].partition("[")[0]
    persistent = "" if lost.startswith("it holds draws") else ", persistent=False"
    return Evidence(
        f"a plain tensor of {numel} elements: .to() does not move it and state_dict() does not save it"
        + (f"; {lost}" if lost else ""),
        measured=float(numel), n=numel, part=name, holds=False, severity=severity,
        fix=f'self.register_buffer("{role}", value{persistent})',
    )  # fmt: skip


def _left(stray: Stray) -> tuple[str, Severity, str]:
    return (
        f"a tensor of {stray.numel} elements was computed from parameters and holds on to its graph: the forward left "
        "it there (copy.deepcopy and pickle refuse it), or the constructor computed it once, and it goes stale",
        Severity.WARNING,
        f"self.{_base(stray)} = value.detach()  # or compute it in forward()",
    )


def _left_behind(value: torch.Tensor, own: list[torch.Tensor]) -> str:
    """Whether the model was moved, or widened, and this tensor was not."""
    if own and all(t.device != value.device for t in own):
        return f"it is on {value.device}, the model on {own[0].device}"
    if own and value.dtype == torch.float32 and all(t.dtype == torch.float64 for t in own):
        return "it is in float32, the model in float64"
    return ""


def _drawn(value: torch.Tensor) -> str:
    """Whether its values are random: nothing can compute them again. Grids and ramps (in order, or of few distinct
    values) are a formula's."""
    values = dense(value)
    if values is None or values.numel() < _ENOUGH:
        return ""
    steps = values.diff(dim=-1)
    if bool(((steps >= 0).all(-1) | (steps <= 0).all(-1)).any()) or torch.unique(values).numel() <= values.numel() / 8:
        return ""
    from embcheck.laws.identification.identify import identify  # a dozen modules, which most models never need here

    found = identify(values)
    return f"it holds draws from {found.name}" if found.fresh else ""


def _base(stray: Stray) -> str:
    return stray.name.rpartition(".")[2].partition("[")[0] if stray.container else stray.name


def _computed(stray: Stray, inventory: Inventory) -> bool:
    """Whether a reparametrization computes this attribute before every forward."""
    path, _, role = stray.name.rpartition(".")
    module = inventory.modules.get(path)
    own = {} if module is None else {**module._parameters, **module._buffers}  # noqa: SLF001 - torch has no public name for it
    return not stray.container and any(f"{role}{ending}" in own for ending in ("_g", "_v", "_orig", "_mask", "_u"))
