"""A factory's model built on ``meta``, given memory by `to_empty`, and initialised by whatever it offers for that.

That is what deferred initialisation does (FSDP, torch.distributed, large checkpoints): what no method fills again is
whatever the memory held, unless a checkpoint brings it, and a checkpoint has no non-persistent buffers.
"""

from __future__ import annotations

import contextlib
import inspect
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.inventory.model import Entry, inventory
from embcheck.subjects.running.factory import build
from embcheck.subjects.running.user_code import first_line
from embcheck.subjects.state import poisoned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OF_MODEL = ("init_weights", "initialize_weights", "reset_parameters")
_DEFERRED = ("reset_parameters", "reset_buffers", "init_weights")
_OF_LAYER = ("reset_parameters", "_reset_parameters", "init_weights", "reset_buffers")


@dataclass(frozen=True)
class Emptied:
    """What `to_empty` and the model's own methods leave."""

    looked_at: int
    """Tensors that were built on ``meta``."""
    lost: tuple[str, ...] = ()
    """Buffers that no method fills again and that no checkpoint holds."""
    forgotten: tuple[str, ...] = ()
    """Parameters whose own module has a method that resets it, which leaves them out."""
    stored: tuple[str, ...] = ()
    """The rest that stays unfilled: a checkpoint must bring it."""
    meant: bool = False
    """Whether a layer of the model's own (not of torch) can fill itself: then deferred initialisation is meant."""
    failed: str = ""
    """A method that raised, with the error."""


def emptied(factory: Callable[[], Any], seed: int, name: str = "The factory") -> Emptied | None:
    """Build on ``meta``, empty with poisoned memory, reset, and see what still shows poison.

    Returns:
        None where the factory gives no module.

    Raises:
        UsageError: it cannot be built on ``meta``, or puts its tensors on a device of its own.
    """
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")  # torch: copying into a meta tensor does nothing
        model = build(factory, seed, name)
    if not isinstance(model, nn.Module):
        return None
    entries = inventory(model).entries
    if any(e.lazy for e in entries):
        raise UsageError("its lazy parameters have no shape yet.")
    drawn = [e for e in entries if e.tensor.is_meta]
    if not drawn:
        raise UsageError(f"{name} puts every tensor on a device of its own.")
    with poisoned(), torch.no_grad():
        try:
            nn.Module.to_empty(model, device=torch.device("cpu"))
        except Exception as error:
            raise UsageError(f"to_empty() of {name} raised {type(error).__name__}: {first_line(error)}") from error
        failed = list(filter(None, map(_tried, _resets(model))))
    left: dict[str, list[str]] = {"lost": [], "forgotten": [], "stored": []}
    for entry in inventory(model).entries:
        if not _poisoned(entry):
            continue
        resets = any(hasattr(entry.module, method) for method in _OF_LAYER[:2])
        left["lost" if not entry.persistent else "forgotten" if resets else "stored"].append(entry.name)
    lost, forgotten, stored = (tuple(left[kind]) for kind in ("lost", "forgotten", "stored"))
    return Emptied(len(drawn), lost, forgotten, stored, _meant(model), "; ".join(failed[:1]))


def _meant(model: nn.Module) -> bool:
    classes = {type(m) for m in nn.Module.modules(model) if not type(m).__module__.startswith("torch.")}
    return any(hasattr(kind, method) for kind in classes for method in _DEFERRED)


def _tried(reset: Callable[[], Any]) -> str:
    """What the user's method raised; what it leaves unfilled is what counts."""
    try:
        reset()
    except Exception as error:  # noqa: BLE001 - any error of the user's
        name = getattr(reset, "__qualname__", "_init_weights").replace("_resets.<locals>.<lambda>", "_init_weights")
        return f"{name}() raised {type(error).__name__}: {first_line(error)}"
    return ""


def _resets(model: nn.Module) -> Iterator[Callable[[], Any]]:
    """The methods by which models fill themselves: the root's own, each layer's own, a rule for every layer, ties."""
    own = [found for method in _OF_MODEL if (found := _method(model, method))]
    yield from own[:1]
    for module in nn.Module.modules(model):
        if module is not model:
            for method in _OF_LAYER:
                if (found := _method(module, method)) and any(map(_poisoned, _own(module))):
                    yield found
    rule = getattr(model, "_init_weights", None)
    if callable(rule) and any(map(_poisoned, inventory(model).entries)):
        yield lambda: model.apply(rule)
    if found := _method(model, "tie_weights"):
        yield found


def _own(module: nn.Module) -> Iterator[torch.Tensor]:
    with contextlib.suppress(AttributeError):
        yield from (t for table in (module._parameters, module._buffers) for t in table.values() if t is not None)  # noqa: SLF001 - torch has no public name for it


def _poisoned(held: Entry | torch.Tensor) -> bool:
    if isinstance(held, Entry):
        return not held.obstacle and _poisoned(held.tensor)
    if not held.is_floating_point() or not held.numel():
        return False
    held = held.detach()
    # a sum is the quickest look; infinities of both signs give NaN too
    return bool((held.float() if held.element_size() == 1 else held).sum().isnan()) and bool(held.isnan().any())


def _method(owner: nn.Module, name: str) -> Callable[[], Any] | None:
    """The method of that name, if there is one that can be called without arguments."""
    found: Callable[[], Any] | None = getattr(owner, name, None)
    if not callable(found):
        return None
    try:
        inspect.signature(found).bind()
    except (TypeError, ValueError):
        return None
    return found
