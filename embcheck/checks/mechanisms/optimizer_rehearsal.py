"""Two steps of a user's own optimizer on a small table: does it take the gradient, and which rows does it move?"""

from __future__ import annotations

import warnings
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROWS, _DIM = 4, 2
_ENTRIES = 1000


@dataclass(frozen=True)
class Rehearsal:
    """What two steps on two different rows showed."""

    optimizer: str
    """Class and the options that matter, as they would be typed."""
    refused: str = ""
    """What `step()` raised, if it did."""
    moved: float = 0.0
    """Largest movement of an element of the first row in the second step, in which its gradient is zero."""
    never_seen: float = 0.0
    """Largest movement of a row that was in neither step."""


def steppers(census: Any) -> Iterator[tuple[Any, str, nn.Embedding | nn.EmbeddingBag]]:
    """Each optimizer given, or kept by the model, with each table of the model that it holds.

    Args:
        census: what the audit knows of the model: its inventory and the optimizers that were given.
    """
    root = census.inventory.root if census.inventory is not None else None
    if root is None:
        return
    for optimizer in census.optimizers or list(_kept(root)) or list(_configured(root)):
        for name, module in census.inventory.modules.items():
            if isinstance(module, (nn.Embedding, nn.EmbeddingBag)) and group_of(optimizer, module.weight) is not None:
                yield optimizer, name, module


def _kept(model: nn.Module) -> Iterator[Any]:
    """The optimizers that a model, or a part of it, keeps: as attributes, or in plain lists and mappings of them."""
    seen: set[int] = set()
    for module in model.modules():
        for attribute, value in vars(module).items():
            if attribute in {"_parameters", "_buffers", "_modules"}:
                continue
            inside = (
                value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else (value,)
            )
            for held in list(inside)[:_ENTRIES]:
                if isinstance(held, torch.optim.Optimizer) and id(held) not in seen:
                    seen.add(id(held))
                    yield held


def _configured(model: nn.Module) -> Iterator[Any]:
    """The optimizers that a Lightning module makes: one, several, beside schedulers, or in mappings."""
    configure = getattr(model, "configure_optimizers", None)
    if not callable(configure):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = configure()
    except Exception:  # noqa: BLE001 - it may need a trainer, or arguments: then nothing is known of its optimizers
        return
    waiting = [made]
    while waiting:
        value = waiting.pop()
        if isinstance(value, torch.optim.Optimizer):
            yield value
        elif isinstance(value, dict):
            waiting.append(value.get("optimizer"))
        elif isinstance(value, (list, tuple)):
            waiting.extend(value[:_ENTRIES])


def group_of(optimizer: Any, parameter: torch.Tensor) -> Mapping[str, Any] | None:
    """The parameter group that holds this very parameter."""
    for group in optimizer.param_groups:
        if any(p is parameter for p in group["params"]):
            return dict(group)
    return None


def rehearse(optimizer: Any, parameter: torch.Tensor, *, sparse: bool) -> Rehearsal | None:
    """Run a copy of the optimizer on a table of 4 x 2; the user's optimizer, parameter and hooks are not touched.

    Args:
        optimizer: holds the parameter in one of its groups.
        parameter: the table's weight; the small one is on its device and of its dtype.
        sparse: whether the lookup gives sparse gradients.

    Returns:
        None if the optimizer does not hold the parameter, or the parameter has no values.
    """
    group = group_of(optimizer, parameter)
    if group is None or parameter.is_meta:
        return None
    table = nn.Parameter(torch.ones(_ROWS, _DIM, device=parameter.device, dtype=parameter.dtype))
    copy = _copy(optimizer, group, table)
    words = _spelled(optimizer, group)
    try:
        with warnings.catch_warnings(), torch.enable_grad():
            warnings.simplefilter("ignore")
            _step(copy, table, 0, sparse=sparse)
            before = table.detach().clone()
            _step(copy, table, 1, sparse=sparse)
    except Exception as error:  # noqa: BLE001 - what it raises is the answer
        return Rehearsal(words, refused=f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}")
    moved = (table.detach() - before).abs()
    return Rehearsal(words, moved=float(moved[0].max()), never_seen=float((table.detach()[3] - 1).abs().max()))


def _copy(optimizer: Any, group: Mapping[str, Any], table: nn.Parameter) -> Any:
    """The same class with the same options on another parameter: no state, no hooks, nobody's wrapped `step`."""
    kind: Any = type(optimizer)
    copy = kind.__new__(kind)
    # an LR scheduler, or GradScaler, puts a `step` bound to the user's optimizer into its dict: callables stay behind
    copy.__dict__.update(
        {k: v for k, v in vars(optimizer).items() if not callable(v) and not isinstance(v, OrderedDict)}
    )
    copy.__dict__.update({k: OrderedDict() for k, v in vars(optimizer).items() if isinstance(v, OrderedDict)})
    copy.__dict__["state"] = defaultdict(dict)
    copy.__dict__["param_groups"] = [{**group, "params": [table]}]
    return copy


def _step(optimizer: Any, table: nn.Parameter, row: int, *, sparse: bool) -> None:
    def closure() -> torch.Tensor:
        table.grad = None
        ids = torch.tensor([row], device=table.device)
        loss = nn.functional.embedding(ids, table, sparse=sparse).sum()
        torch.autograd.backward(loss)
        return loss

    closure()
    type(optimizer).step(optimizer, closure) if _wants_closure(optimizer) else type(optimizer).step(optimizer)


def _wants_closure(optimizer: Any) -> bool:
    return isinstance(optimizer, torch.optim.LBFGS)


def _spelled(optimizer: Any, group: Mapping[str, Any]) -> str:
    telling = [
        f"{k}={group[k]:g}" for k in ("lr", "momentum", "weight_decay") if isinstance(group.get(k), float) and group[k]
    ]
    return f"{type(optimizer).__name__}({', '.join(telling)})"
