"""One forward and backward pass through a user's model, watched operation by operation.

Module hooks only name what runs; a `TorchFunctionMode` sees every operation, functional ones and residual adds too;
`Tensor.register_hook` reads gradients (right under in-place activations, where backward hooks are not).
"""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakIdKeyDictionary

from embcheck.errors import UsageError
from embcheck.propagation import graph, readings
from embcheck.propagation.graph import Node, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_LIMIT = 100_000


class ForwardError(UsageError):
    """The model's forward raised on the inputs."""


def trace(
    model: nn.Module,
    inputs: tuple[Any, ...] | Mapping[str, Any],
    *,
    backward: bool = True,
    loss: Callable[[Any], torch.Tensor] | None = None,
    seed: int = 0,
    fed: str = "the inputs given",
) -> Trace:
    """Run the model once and record every operation.

    The model's modes, buffers, gradients, tables with `max_norm`, hooks and the random state are as before. Runs in
    `eval` mode (no dropout), but batch norms use the statistics of the batch: at initialization their running
    statistics are the identity and would hide them.

    Args:
        model: on any device; not wrapped in DDP or FSDP.
        inputs: positional arguments, or keyword arguments.
        backward: also send an N(0, 1) cotangent back from every floating-point output (or `loss(output)`).
        loss: maps the model's output to a scalar.
        seed: of the cotangent and of whatever the forward draws.
        fed: what the inputs are, for the report.

    Raises:
        ForwardError: the forward raised.
    """
    args, kwargs = ((), dict(inputs)) if not isinstance(inputs, (tuple, list)) else (tuple(inputs), {})
    args, kwargs = _copied(args), _copied(kwargs)
    recorder = _Recorder(model)
    with _as_before(model), _named(model, recorder), torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        recorder.feed((args, kwargs), differentiable=not any(p.requires_grad for p in model.parameters()))
        try:
            with _eager(), recorder:
                output = model(*args, **kwargs)
        except Exception as error:
            raise ForwardError(f"forward raised {type(error).__name__} on {fed}: {_first_line(error)}") from error
        tensors = [t for t in readings.tensors_in(output) if t.is_floating_point() or t.is_complex()]
        outputs = tuple(sorted({recorder.made[t] for t in tensors if t in recorder.made}))
        if backward:
            recorder.gradients = _backward(model, output, tensors, loss, recorder)
        losses = {recorder.made[t]: readings.loss_at_random(t) for t in tensors if t in recorder.made}
    return recorder.finish(outputs, fed, (args, kwargs), {k: v for k, v in losses.items() if v is not None})


def _first_line(error: BaseException) -> str:
    line = (str(error).strip().splitlines() or ["(no message)"])[0]
    return line if line.endswith(".") else line + "."


def _backward(
    model: nn.Module,
    output: Any,
    tensors: Sequence[torch.Tensor],
    loss: Callable[[Any], torch.Tensor] | None,
    recorder: _Recorder,
) -> dict[str, torch.Tensor | None]:
    parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}
    heads = [loss(output)] if loss is not None else [t for t in tensors if t.requires_grad]
    wanted = list(parameters.values()) or recorder.fed_tensors
    if not heads or not wanted:
        return {}
    cotangents = None if loss is not None else [torch.randn_like(t) for t in heads]
    try:
        found = torch.autograd.grad(heads, wanted, cotangents, allow_unused=True)
    except RuntimeError as error:
        recorder.notes.append(f"The backward pass raised {type(error).__name__}: {_first_line(error)}")
        return {}
    return dict(zip(parameters, found, strict=True)) if parameters else {}


class _Recorder(TorchFunctionMode):
    """Turns every operation into a node."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.made: WeakIdKeyDictionary = WeakIdKeyDictionary()
        self.nodes: list[dict[str, Any]] = []
        self.stack: list[tuple[str, str]] = [("", type(model).__name__)]
        self.names = {id(p): n for n, p in model.named_parameters(remove_duplicate=False)}
        self.parameters = {id(p): p for p in model.parameters()}
        self.power: dict[int, torch.Tensor] = {}
        self.gradients: dict[str, torch.Tensor | None] = {}
        self.ids: dict[str, torch.Tensor] = {}
        self.fed_tensors: list[torch.Tensor] = []
        self.notes: list[str] = []

    def feed(self, inputs: Any, differentiable: bool) -> None:
        for t in readings.tensors_in(inputs):
            if differentiable and t.is_floating_point() and t.is_leaf:
                t.requires_grad_(True)
                self.fed_tensors.append(t)
            self._add("input", "input", t, ())

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        operands = readings.tensors_in((args, kwargs))
        signal = next((t for t in operands if t in self.made and t.is_floating_point()), None)
        q_in = self._node_of(signal).get("q") if signal is not None else None
        parents = tuple(dict.fromkeys(self.made[t] for t in operands if t in self.made))
        result = func(*args, **kwargs)
        op = getattr(func, "__name__", "").strip("_")
        if op in {"get", "set", "backward", "requires_grad", "detach_"} or not isinstance(
            result, (torch.Tensor, tuple, list)
        ):
            return result
        with torch._C.DisableTorchFunction(), torch.no_grad():  # noqa: SLF001 - torch has no public name for it
            weight = self._weight(operands)
            for t in readings.tensors_in(result):
                if parents or weight is not None:
                    self._record(op, t, parents, weight, operands, q_in, (args, kwargs))
        return result

    def _node_of(self, t: torch.Tensor) -> dict[str, Any]:
        node: dict[str, Any] = self.nodes[self.made[t]]
        return node

    def _weight(self, operands: list[torch.Tensor]) -> torch.Tensor | None:
        """The parameter with at least two dimensions that takes part, itself or as a transposed view."""
        for t in operands:
            if id(t) in self.parameters and t.dim() >= 2:
                return t
            base = t._base if t._is_view() else None  # noqa: SLF001 - torch has no public name for it
            if base is not None and id(base) in self.parameters and t.dim() >= 2 and t not in self.made:
                return t
        return None

    def _record(  # noqa: PLR0917
        self,
        op: str,
        t: torch.Tensor,
        parents: tuple[int, ...],
        weight: torch.Tensor | None,
        operands: list[torch.Tensor],
        q_in: Any,
        call: tuple[tuple[Any, ...], dict[str, Any]],
    ) -> None:
        if t in self.made and self.made[t] in parents and t is operands[0] and op in {"detach", "contiguous", "to"}:
            return
        if not parents and op not in graph.LOOKUPS | graph.AFFINE:
            return  # arithmetic on weights alone: a transposed view, a weight norm
        kind = readings.kind_of(op, weight is not None)
        fields: dict[str, Any] = {"q_in": q_in}
        if weight is not None and kind in {"affine", "lookup"}:
            fields.update(readings.of_weight(op, weight, operands, call))
            source = weight if id(weight) in self.names else weight._base  # noqa: SLF001 - torch has no public name for it
            fields["weight"] = self.names.get(id(source), "")
            if kind == "lookup" and fields["weight"]:
                index = next((o for o in operands if not o.is_floating_point()), None)
                if index is not None:
                    seen = torch.unique(index.detach())[:_LIMIT]
                    before = self.ids.get(fields["weight"])
                    self.ids[fields["weight"]] = (
                        seen if before is None else torch.unique(torch.cat([before, seen]))[:_LIMIT]
                    )
        if kind == "activation":
            fields["options"] = readings.options(op, call)
        self._add(op, kind, t, parents, **fields)

    def _add(self, op: str, kind: str, t: torch.Tensor, parents: tuple[int, ...], **fields: Any) -> None:
        index = len(self.nodes)
        module, module_type = self.stack[-1]
        node = {"index": index, "op": op, "kind": kind, "module": module, "module_type": module_type,
                "parents": parents, "shape": tuple(t.shape), **fields}  # fmt: skip
        with torch._C.DisableTorchFunction(), torch.no_grad():  # noqa: SLF001 - torch has no public name for it
            node.update(readings.of_activation(t, op, kind))
        self.nodes.append(node)
        self.made[t] = index
        if t.requires_grad and not t.is_leaf and kind in {"affine", "activation", "norm", "merge", "lookup"}:
            t.register_hook(partial(self._gradient, index=index))  # type: ignore[no-untyped-call]

    def _gradient(self, grad: torch.Tensor, index: int) -> None:
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
        )


@contextlib.contextmanager
def _named(model: nn.Module, recorder: _Recorder) -> Iterator[None]:
    """Keep the recorder's stack of running modules, by hooks that are taken away again."""
    handles: list[Any] = []
    for name, module in model.named_modules(remove_duplicate=True):
        kind = type(module).__name__

        def enter(_m: Any, _a: Any, name: str = name, kind: str = kind) -> None:
            recorder.stack.append((name, kind))

        def leave(_m: Any, _a: Any, _o: Any, name: str = name) -> None:
            while len(recorder.stack) > 1 and recorder.stack.pop()[0] != name:
                pass

        handles.append(module.register_forward_pre_hook(enter))
        handles.append(module.register_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextlib.contextmanager
def _as_before(model: nn.Module) -> Iterator[None]:
    """Modes, buffers and tables that a forward rewrites are put back, bit for bit."""
    modes = [(m, m.training) for m in model.modules()]
    tables = [
        m.weight for m in model.modules() if isinstance(m, (nn.Embedding, nn.EmbeddingBag)) and m.max_norm is not None
    ]
    kept = [(t, t.detach().clone()) for t in [*model.buffers(), *tables] if not t.is_meta]
    model.eval()
    for m in model.modules():
        if isinstance(m, nn.modules.batchnorm._BatchNorm):  # noqa: SLF001 - torch has no public name for it
            m.training = True
    try:
        yield
    finally:
        for m, training in modes:
            m.training = training
        with torch.no_grad():
            for tensor, value in kept:
                if not torch.equal(tensor, value):
                    tensor.copy_(value)


@contextlib.contextmanager
def _eager() -> Iterator[None]:
    """Compiled parts run their own code again, so that hooks fire; dynamo is asked only if something has loaded it."""
    if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
        with torch.compiler.set_stance("force_eager"):
            yield
    else:
        yield


def _copied(value: Any) -> Any:
    """The inputs, with tensors copied: a forward may write into them and `requires_grad_` must not leak."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(_copied(v) for v in value)
    if isinstance(value, list):
        return [_copied(v) for v in value]
    if type(value) is dict:
        return {k: _copied(v) for k, v in value.items()}
    return value
