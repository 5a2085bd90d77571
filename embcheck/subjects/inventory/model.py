"""The inventory of a live model: every tensor it holds, registered or not, and who else holds it."""

from __future__ import annotations

import collections
import dataclasses
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from embcheck.errors import UsageError
from embcheck.subjects.access import extent, obstacle, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEPTH = 3
"""How deep plain containers are searched for tensors and modules."""
_ENTRIES = 10_000
"""How many entries of a plain container are looked at."""


@dataclass(frozen=True)
class Entry:
    """One parameter or buffer of a model, under the first name it has."""

    name: str
    tensor: torch.Tensor
    kind: str
    """``parameter`` or ``buffer``."""
    role: str
    """Its attribute on the module: ``weight``, ``bias``, ``running_mean``, ..."""
    module_name: str
    module: nn.Module | None
    persistent: bool = True
    """False for a buffer that the state dict leaves out."""
    trainable: bool = True
    aliases: tuple[str, ...] = ()
    """Its other names: a tied or shared tensor is listed once."""
    obstacle: str = ""
    """Why its values cannot be looked at."""
    lazy: bool = False
    """Whether it gets its shape from the first batch."""

    @property
    def module_type(self) -> str:
        """Class name of the owner; empty for a tensor from a file."""
        return type(self.module).__name__ if self.module is not None else ""


@dataclass(frozen=True)
class Stray:
    """A tensor or a module with parameters that the model holds but does not register."""

    name: str
    what: str
    """``tensor``, ``parameter``, ``module`` or ``in a list``: how it is held."""
    value: Any
    numel: int
    leaf: bool
    """False when it came out of an operation on a parameter (`nn.Parameter(x).to(...)`)."""
    container: str = ""
    """Type of the plain container that hides it."""
    derived: bool = False
    """It was computed from registered parameters alone: nothing is lost to the optimizer with it."""


@dataclass(frozen=True)
class Sharing:
    """One module, or one parameter, that is reachable by several names."""

    names: tuple[str, ...]
    kind: str
    numel: int
    value: Any


@dataclass(frozen=True)
class Inventory:
    """All that one walk over a model finds."""

    entries: tuple[Entry, ...]
    strays: tuple[Stray, ...]
    shared_modules: tuple[Sharing, ...]
    modules: Mapping[str, nn.Module]
    root: nn.Module | None = None

    def kept(self) -> frozenset[int]:
        """The ids of the strays that are still where they were found; a forward may put new ones into their place."""
        registered = {id(m) for m in self.modules.values()}
        return frozenset(id(s.value) for s in _strays(self.modules, set(), registered))


_TABLES = (nn.Embedding, nn.EmbeddingBag)
"""Of a head that is tied to a table, the table is the owner, whichever comes first: it knows the padding row."""


def inventory(model: nn.Module) -> Inventory:
    """Walk over a model; nothing is run, copied or changed.

    Lazy (uninitialised) parameters are listed as a stand-in without elements, other tensors without readable values as
    they are; `Entry.obstacle` says why.

    Raises:
        UsageError: a module contains itself, or was made without `nn.Module.__init__`.
    """
    names: dict[int, list[str]] = {}
    holders: dict[int, tuple[torch.Tensor, str, str, str, nn.Module, bool]] = {}
    modules: dict[str, nn.Module] = {}
    module_names: dict[int, list[str]] = {}
    for path, module in _walk(model):
        module_names.setdefault(id(module), []).append(path)
        if len(module_names[id(module)]) == 1:
            modules[path] = module
        hidden: set[str] = getattr(module, "_non_persistent_buffers_set", set())
        for kind, table in (("parameter", module._parameters), ("buffer", module._buffers)):  # noqa: SLF001 - torch has no public name for it
            for role, tensor in table.items():
                if tensor is None:
                    continue
                name = f"{path}.{role}" if path else role
                names.setdefault(id(tensor), []).append(name)
                before = holders.get(id(tensor))
                if before is None or (isinstance(module, _TABLES) and not isinstance(before[4], _TABLES)):
                    holders[id(tensor)] = (tensor, kind, role, path, module, role not in hidden)
    entries = tuple(
        Entry(
            name=names[key][0],
            tensor=_materialised(tensor, why),
            kind=kind,
            role=role,
            module_name=path,
            module=module,
            persistent=persistent,
            trainable=bool(tensor.requires_grad),
            aliases=tuple(names[key][1:]),
            obstacle=why,
            lazy=not _known(tensor),
        )
        for key, (tensor, kind, role, path, module, persistent) in holders.items()
        for why in (obstacle(tensor),)
    )
    registered = {id(m) for m in nn.Module.modules(model)}
    return Inventory(
        entries=entries,
        strays=tuple(_strays(modules, set(holders), registered)),
        shared_modules=tuple(
            Sharing(tuple(paths), type(m).__name__, _held(m), m)
            for m, paths in ((modules[p[0]], p) for p in module_names.values() if len(p) > 1)
        ),
        modules=modules,
        root=model,
    )


def _walk(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Every path to every module, a shared module by each of its paths (up to a bound).

    Raises:
        UsageError: a module contains itself; torch's own `apply`, `train` and `state_dict` never end on it.
    """
    stack: list[tuple[str, nn.Module, frozenset[int]]] = [("", model, frozenset())]
    paths = 0
    seen: set[int] = set()
    while stack:
        path, module, above = stack.pop()
        paths += 1
        if not hasattr(module, "_parameters"):
            raise UsageError(
                f"{type(module).__name__}{f' at {path!r}' if path else ''} was made without nn.Module.__init__: "
                "call super().__init__() first in its own."
            )
        yield path, module
        if id(module) in seen and paths > _ENTRIES:
            continue
        seen.add(id(module))
        within = above | {id(module)}
        for name, child in reversed(list(module._modules.items())):  # noqa: SLF001 - torch has no public name for it
            if child is None:
                continue
            inner = f"{path}.{name}" if path else name
            if id(child) in within:
                raise UsageError(f"The module at {inner!r} contains itself; torch cannot save or move such a model.")
            stack.append((inner, child, within))


def _known(p: torch.Tensor) -> bool:
    return not is_lazy(p)


def _held(module: nn.Module) -> int:
    """How many elements the parameters of a module have; by torch's own walk, whatever its class overrides."""
    return sum(math.prod(extent(p)) for _, p in nn.Module.named_parameters(module) if _known(p))


def _materialised(tensor: torch.Tensor, why: str) -> torch.Tensor:
    """The plain tensor; a lazy parameter has no shape yet and is listed as an empty meta tensor."""
    if not why:
        return plain(tensor)
    return tensor if _known(tensor) else torch.empty(0, device="meta")


def _strays(modules: Mapping[str, nn.Module], known: set[int], registered: set[int]) -> Iterator[Stray]:
    """Floating-point tensors and parameter-holding modules in `__dict__`, or in plain containers there."""
    seen = set(known)
    for path, module in modules.items():
        for attribute, value in list(vars(module).items()):
            if attribute in _MACHINERY or attribute.startswith(("_forward", "_backward")):
                continue
            name = f"{path}.{attribute}" if path else attribute
            for stray in _look(name, value, "", seen, registered, 0):
                yield stray if stray.leaf else replace(stray, derived=_sources(stray.value) <= known)


def _sources(value: torch.Tensor) -> set[int]:
    """The ids of the leaves that a tensor was computed from, as far as a bounded walk over its graph finds them."""
    found: set[int] = set()
    waiting, seen = [value.grad_fn], set[Any]()
    while waiting and len(seen) < _ENTRIES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if (leaf := getattr(node, "variable", None)) is not None:
            found.add(id(leaf))
        waiting.extend(parent for parent, _ in node.next_functions)
    return found


_MACHINERY = frozenset(
    {"_parameters", "_buffers", "_modules", "_non_persistent_buffers_set", "_state_dict_hooks",
     "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks", "_state_dict_pre_hooks", "_compiled_call_impl",
     "_flat_weights", "_flat_weight_refs", "_is_full_backward_hook", "training"}
)  # fmt: skip
"""What `nn.Module` itself keeps in `__dict__`; `nn.RNN` lists its own registered weights once more."""


_CONTAINERS = (list, tuple, dict, set, frozenset, collections.deque)


def _is_record(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, (type, nn.Module))


def _look(name: str, value: Any, container: str, seen: set[int], registered: set[int], depth: int) -> Iterator[Stray]:  # noqa: PLR0917
    if isinstance(value, torch.Tensor):
        if id(value) in seen or not _known(value) or not value.dtype.is_floating_point:
            return
        seen.add(id(value))
        what = "parameter" if isinstance(value, nn.Parameter) else "tensor"
        yield Stray(name, what, value, value.numel(), bool(value.is_leaf), container)
    elif isinstance(value, nn.Module):
        if id(value) in seen or id(value) in registered:
            return
        seen.add(id(value))
        owned = nn.Module.named_parameters(value)
        numel = sum(math.prod(extent(p)) for _, p in owned if _known(p) and id(p) not in seen)
        if numel:
            yield Stray(name, "module", value, numel, True, container)
    elif depth < _DEPTH and (isinstance(value, _CONTAINERS) or _is_record(value)):
        if _is_record(value):
            value = {f.name: getattr(value, f.name, None) for f in dataclasses.fields(value)}
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for i, (key, item) in enumerate(items):
            if i >= _ENTRIES:
                break
            yield from _look(f"{name}[{key!r}]", item, type(value).__name__, seen, registered, depth + 1)
