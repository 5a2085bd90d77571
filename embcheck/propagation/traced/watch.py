"""Every operation of a running model, as a node: a `TorchFunctionMode`, with module hooks for the names."""

from __future__ import annotations

import contextlib
import types
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakIdKeyDictionary

from embcheck.propagation.traced import calls, graph, readings
from embcheck.propagation.traced.batch_axis import Axis, follow
from embcheck.propagation.traced.cut_parameters import CutParameters
from embcheck.propagation.traced.graph import Node, Trace, Unregistered
from embcheck.propagation.traced.plain_tensors import PlainTensors

if TYPE_CHECKING:
    from collections.abc import Iterator

    Call = tuple[tuple[Any, ...], dict[str, Any]]

_LIMIT = 100_000
_NOTHING = frozenset({"get", "set", "backward", "requires_grad", "detach_"})
_LEAVING = frozenset({"numpy", "array", "tolist"})
"""Operations that hand values to numpy or Python, where autograd cannot follow."""
_VIEWS = frozenset({"T", "mT", "H", "mH", "data"})
"""Attributes of a tensor that are tensors of the same values."""


class Watch(TorchFunctionMode):
    """Turns every operation into a node."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.made: WeakIdKeyDictionary = WeakIdKeyDictionary()
        self.nodes: list[dict[str, Any]] = []
        self.from_inputs: set[int] = set()
        self.stack: list[tuple[str, str]] = [("", type(model).__name__)]
        self.entered: dict[str, int] = {}
        self.names = {id(p): n for n, p in model.named_parameters(remove_duplicate=False)}
        self.parameters = {id(p): p for p in model.parameters()}
        self.power: dict[int, torch.Tensor] = {}
        self.gradients: dict[str, torch.Tensor | None] = {}
        self.ids: dict[str, torch.Tensor] = {}
        self.padding: dict[str, int] = {}
        self.registered = {id(t) for t in (*nn.Module.parameters(model), *nn.Module.buffers(model))}
        self.unregistered: dict[int, tuple[torch.Tensor, str, str]] = {}
        self.plain = PlainTensors(model)
        self.cut = CutParameters({id(p): n for n, p in model.named_parameters() if p.requires_grad})
        self.fed_tensors: list[torch.Tensor] = []
        self.left: dict[int, str] = {}
        """Nodes of floating-point values that left torch, with the operation that took them."""
        self.notes: list[str] = []
        self.unfilled: WeakIdKeyDictionary = WeakIdKeyDictionary()
        """What `torch.empty` and its kind gave: memory that is written part by part."""
        self.batch = 0
        self.replaying = False
        self.unhooked: dict[tuple[str, str, tuple[int, ...]], list[tuple[int, int]]] = {}
        """Nodes made without autograd (inside a reentrant checkpoint), by what they are: (call of the module, node)."""

    def feed(self, inputs: Any, differentiable: bool) -> None:
        """Make a node of every input; with `differentiable` they get gradients."""
        given = readings.tensors_in(inputs)
        self.batch = next((t.shape[0] for t in given if t.dim()), 0)
        for t in given:
            if differentiable and t.is_floating_point() and t.is_leaf:
                t.requires_grad_(True)
                self.fed_tensors.append(t)
            axis = (0, 1) if t.dim() and t.shape[0] == self.batch else None
            self._add("input", "input", t, (), hooked=False, axis=axis)

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.multi_head_attention_forward or func is torch.autograd.backward:
            with self:
                return _opened(func)(*args, **kwargs)
        op = _name(func)
        if self.replaying:
            return self._replay(op, func(*args, **kwargs))
        operands = readings.tensors_in((args, kwargs))
        signal = next((t for t in operands if t in self.made and t.is_floating_point()), None)
        q_in = self._node_of(signal).get("q") if signal is not None else None
        parents = tuple(dict.fromkeys(self.made[t] for t in operands if t in self.made))
        floats = tuple(self.made.get(t, -1) for t in operands if t.is_floating_point())  # type: ignore[no-untyped-call]
        result = func(*args, **kwargs)
        if self.plain:
            self.plain.note(str(getattr(func, "__name__", "")), operands, [*args[1:], *kwargs.values()])
        if op in _LEAVING and signal is not None:
            self.left.setdefault(self.made[signal], op)
        if op in _NOTHING or not isinstance(result, (torch.Tensor, tuple, list)):
            return result
        if op.removeprefix("new_").startswith("empty"):
            self.unfilled[result] = True
        hooked = torch.is_grad_enabled()
        for t in operands if hooked else ():  # initializers of a layer made in forward run without gradients
            if isinstance(t, nn.Parameter) and id(t) not in self.registered and t not in self.made:
                self.unregistered.setdefault(id(t), (t, self.stack[-1][0], op))
        with torch._C.DisableTorchFunction(), torch.no_grad():  # noqa: SLF001 - torch has no public name for it
            weight = self._weight(op, operands)
            made = readings.tensors_in(result)
            if hooked:
                self.cut.note(op, operands, made, self.stack[-1][0])
            for t in made:
                if parents or weight is not None:
                    self._record(
                        func, op, t, parents, weight, operands, (args, kwargs), hooked, q_in=q_in, operands=floats
                    )
        return result

    def _node_of(self, t: torch.Tensor) -> dict[str, Any]:
        node: dict[str, Any] = self.nodes[self.made[t]]
        return node

    def _weight(self, op: str, operands: list[torch.Tensor]) -> torch.Tensor | None:
        """The parameter with at least two dimensions that takes part: itself, a transposed view, or computed from it
        (weight norm, spectral norm, masks). Of a layer the second operand: the first may be a learned token."""
        layer = op.startswith(("linear", "conv"))
        for t in [*operands[1:2], *operands[:1], *operands[2:]] if layer else operands:
            if id(t) in self.parameters and t.dim() >= 2:
                return t
            base = t._base if t._is_view() else None  # noqa: SLF001 - torch has no public name for it
            if base is not None and id(base) in self.parameters and t.dim() >= 2 and t not in self.made:
                return t
        if op in graph.AFFINE and len(operands) > 1 and op.startswith(("linear", "conv", "bilinear")):
            t = operands[2] if op == "bilinear" and len(operands) > 2 else operands[1]
            return t if t not in self.made and t.requires_grad else None
        if op in graph.AFFINE and any(self._fed(t) for t in operands):
            return next((t for t in operands if t.dim() >= 2 and t.requires_grad and not self._fed(t)), None)
        return None

    def _fed(self, t: torch.Tensor) -> bool:
        """Whether it depends on the inputs; what does not is a weight, however it was computed (a hypernetwork's)."""
        return t in self.made and self.made[t] in self.from_inputs

    def _record(  # noqa: PLR0917
        self,
        func: Any,
        op: str,
        t: torch.Tensor,
        parents: tuple[int, ...],
        weight: torch.Tensor | None,
        tensors: list[torch.Tensor],
        call: Call,
        hooked: bool,
        **fields: Any,
    ) -> None:
        if t in self.made and self.made[t] in parents and t is tensors[0] and op in {"detach", "contiguous", "to"}:
            return
        if not parents and op not in graph.LOOKUPS | graph.AFFINE:
            return  # arithmetic on weights alone: a transposed view, a weight norm
        kind = readings.kind_of(op, weight is not None)
        if weight is not None and kind in {"affine", "lookup"}:
            fields.update(readings.of_weight(op, weight, tensors, call))
            source = weight if id(weight) in self.names else weight._base  # noqa: SLF001 - torch has no public name for it
            fields["weight"] = self.names.get(id(source), "")
            if kind == "lookup" and fields["weight"]:
                self._look_up(fields["weight"], tensors)
                row = call[1].get("padding_idx", call[0][2] if op == "embedding" and len(call[0]) > 2 else None)
                if isinstance(row, int):
                    self.padding[fields["weight"]] = row % max(len(weight), 1)
        fields["axis"] = self._axis(func, op, t, tensors, call)
        if not fields.get("options"):
            fields["options"] = calls.numbers(op, kind, t, tensors, fields["operands"], call)
        self._add(op, kind, t, parents, hooked, **fields)

    def _axis(self, func: Any, op: str, t: torch.Tensor, tensors: list[torch.Tensor], call: Call) -> Axis | None:
        """Where the inputs are counted in `t`: as in the first operand that says so."""
        for operand in tensors:
            if operand in self.made:
                node = self._node_of(operand)
                axis = follow(op, func, call, node["shape"], node.get("axis"), tuple(t.shape), self.batch)
                if axis is not None:
                    return axis
        return None

    def _look_up(self, name: str, operands: list[torch.Tensor]) -> None:
        index = next((o for o in operands if not o.is_floating_point()), None)
        if index is not None:
            seen = torch.unique(index.detach())[:_LIMIT]
            before = self.ids.get(name)
            self.ids[name] = seen if before is None else torch.unique(torch.cat([before, seen]))[:_LIMIT]

    def _add(self, op: str, kind: str, t: torch.Tensor, parents: tuple[int, ...], hooked: bool, **fields: Any) -> None:
        index = len(self.nodes)
        module, module_type = self.stack[-1]
        node = {"index": index, "op": op, "kind": kind, "module": module, "module_type": module_type,
                "parents": parents, "shape": tuple(t.shape), "dtype": str(t.dtype)[6:], **fields}  # fmt: skip
        with torch._C.DisableTorchFunction(), torch.no_grad():  # noqa: SLF001 - torch has no public name for it
            if op not in graph.FILLS or t not in self.unfilled:
                node.update(readings.of_activation(t, op, kind, fields.get("axis"), self.batch))
        self.nodes.append(node)
        self.made[t] = index
        if kind == "input" or any(p in self.from_inputs for p in parents):
            self.from_inputs.add(index)
        if op in graph.PLUMBING or not t.is_floating_point():
            return
        if t.requires_grad and not t.is_leaf and hooked:
            t.register_hook(partial(self._gradient, index=index))  # type: ignore[no-untyped-call]
        elif not hooked:
            key = module, op, tuple(t.shape)
            self.unhooked.setdefault(key, []).append((self.entered.get(module, 0), index))

    def _replay(self, op: str, result: Any) -> Any:
        """A reentrant checkpoint computes its part again in the backward pass, this time with autograd."""
        if not torch.is_grad_enabled() or not isinstance(result, torch.Tensor) or not result.requires_grad:
            return result
        waiting = self.unhooked.get((self.stack[-1][0], op, tuple(result.shape)))
        if waiting and waiting[0][0] == waiting[-1][0]:  # a module that ran twice cannot be told from its twin
            _, index = waiting.pop(0)
            result.register_hook(partial(self._gradient, index=index))  # type: ignore[no-untyped-call]
        return result

    def _gradient(self, grad: torch.Tensor, index: int) -> None:
        with torch._C.DisableTorchFunction(), torch.no_grad():  # noqa: SLF001 - torch has no public name for it
            self.power[index] = readings.mean_square(grad.detach())

    def finish(self, outputs: tuple[int, ...], fed: str, inputs: Any, losses: dict[int, float]) -> Trace:
        """Fetch every number from the device at once."""
        for i, power in self.power.items():
            self.nodes[i]["g"] = power
        first = next(iter(readings.tensors_in(inputs)), None)
        gradients = tuple(readings.of_gradient(name, g) for name, g in self.gradients.items())
        return Trace(
            nodes=tuple(Node(**readings.fetched(fields)) for fields in self.nodes),
            gradients=gradients,
            outputs=outputs,
            batch=int(first.shape[0]) if first is not None and first.dim() else 1,
            dtype=str(first.dtype).removeprefix("torch.") if first is not None else "",
            fed=fed,
            losses=losses,
            ids={k: tuple(v.tolist()) for k, v in self.ids.items()},
            padding=dict(self.padding),
            left=tuple(self.left.items()),
            notes=tuple(self.notes),
            unregistered=tuple(
                Unregistered(key, module, op, tuple(t.shape)) for key, (t, module, op) in self.unregistered.items()
            ),
            plain=self.plain.used(),
            cut=self.cut.used(),
        )


def _name(func: Any) -> str:
    op = str(getattr(func, "__name__", "")).strip("_")
    if op == "get":
        attribute = str(getattr(getattr(func, "__self__", None), "__name__", ""))
        return attribute if attribute in _VIEWS else op
    return op


def _opened(function: Any) -> Any:
    """The same Python function without its first question, whether a mode wants it whole: what it calls is seen."""
    own = {**function.__globals__, "has_torch_function": lambda _: False}
    copy = types.FunctionType(function.__code__, own, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


@contextlib.contextmanager
def named(model: nn.Module, watch: Watch) -> Iterator[None]:
    """Keep the stack of running modules, by hooks that are taken away again."""
    handles: list[Any] = []
    for name, module in model.named_modules(remove_duplicate=True):
        kind = type(module).__name__

        def enter(_m: Any, _a: Any, name: str = name, kind: str = kind) -> None:
            watch.stack.append((name, kind))
            if not watch.replaying:
                watch.entered[name] = watch.entered.get(name, 0) + 1

        def leave(_m: Any, _a: Any, _o: Any, name: str = name) -> None:
            while len(watch.stack) > 1 and watch.stack.pop()[0] != name:
                pass

        handles.append(module.register_forward_pre_hook(enter))
        handles.append(module.register_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
