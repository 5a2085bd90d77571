"""What the calls of torch, and of methods of tensors and modules, give."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from embcheck.subjects.source import values as v
from embcheck.subjects.source.names import CREATORS, MODULE_NAMES, NOT_TENSORS, STATELESS, UNDIFFERENTIABLE
from embcheck.subjects.source.values import Value

if TYPE_CHECKING:
    from embcheck.subjects.source.evaluate import Evaluator


_TENSOR_METHODS = frozenset({
    "clone", "float", "double", "half", "long", "int", "squeeze", "unsqueeze", "view", "reshape", "permute", "t",
    "transpose", "contiguous", "flatten", "sum", "mean", "max", "min", "std", "norm", "softmax", "sigmoid", "tanh",
    "exp", "log", "argmax", "size", "dim", "item", "tolist", "masked_fill", "gather", "chunk", "split", "expand",
})  # fmt: skip
"""What only a tensor has, of the things that have `.to(device)`."""
_REDUCTIONS = frozenset({"sum", "mean", "prod", "min", "max", "std", "var", "item", "any", "all", "argmax", "argmin"})


def of_torch(state: Evaluator, node: ast.Call, path: str, arguments: list[Value], given: dict[str, ast.expr]) -> Value:
    """The value of ``torch.f(...)``; conversions of its first argument are noted."""
    name = path.rpartition(".")[2]
    if name in NOT_TENSORS:
        return v.OTHER
    if path.startswith("torch.nn.") and name[:1].isupper():
        return _of_class(name, given)
    if name in {"load", "device", "manual_seed", "save", "compile"} or path.startswith(("torch.utils", "torch.optim")):
        return arguments[0] if name == "compile" and arguments else v.UNKNOWN
    if name in {"tensor", "as_tensor", "asarray", "FloatTensor"} and arguments:
        state.note(node, path, arguments[0])
    if name in {"as_tensor", "asarray"} and arguments and "device" not in given:
        return arguments[0] if arguments[0].kind == "tensor" else v.CPU if arguments[0].kind != "unknown" else v.UNKNOWN
    if name in CREATORS or name == "as_tensor":
        return _created(given)
    if name.endswith("_like") and arguments:
        where = given.get("device")
        like = replace(v.combined(arguments[:1]), grad="no")
        return like if where is None else like.on("cpu" if _is_cpu(where) else "any")
    value = v.combined(arguments) if arguments else v.UNKNOWN
    if name in UNDIFFERENTIABLE:
        return value.without_grad()
    # max, sort and the like give (values, indices); only the first could be told from the second by its use
    return value


def _of_class(name: str, given: dict[str, ast.expr]) -> Value:
    """An instance of a class of `torch.nn`."""
    if name == "Parameter":
        return v.BUFFER if _is(given.get("requires_grad"), False) else v.PARAMETER
    if name == "Buffer":
        return v.BUFFER
    return v.FUNCTION if name.endswith("Loss") or name in STATELESS else v.MODULE


def _created(given: dict[str, ast.expr]) -> Value:
    """A new tensor, of which the keywords say all."""
    device = given.get("device")
    place = "cpu" if device is None or _is_cpu(device) else "any"
    grad = "yes" if _is(given.get("requires_grad"), True) else "no"
    return Value("tensor", place, grad, origin="" if place == "cpu" else "a tensor on a device")


def of_method(
    state: Evaluator, node: ast.Call, func: ast.Attribute, arguments: list[Value], given: dict[str, ast.expr]
) -> Value:
    """The value of ``x.f(...)``; `.numpy()` is noted."""
    base = state.of(func.value)
    name = func.attr
    if base.kind == "moved" and name in _TENSOR_METHODS:
        base = replace(base, kind="tensor")
    if name == "to_numpy" or (name == "numpy" and not node.args):
        if name == "numpy" and not _is(given.get("force"), True):
            state.note(node, ".numpy", base)
        return v.ARRAY
    if name in {"cuda", "to", "xpu", "mps"}:
        return _moved(base, func.value, name, node, given)
    known = _whatever_it_is(base, name)
    if known is not None:
        return known
    if base.kind == "module":
        return v.OUTPUT if name == "forward" else v.UNKNOWN
    if isinstance(func.value, ast.Name) and func.value.id == "self":
        return _of_self(state, name, arguments)
    if name in MODULE_NAMES:
        return v.OUTPUT
    if name in NOT_TENSORS:
        return v.OTHER
    if name in {"append", "extend", "insert"} and isinstance(func.value, ast.Name) and arguments:
        element = arguments[-1] if name != "extend" else state.element(arguments[-1])
        before = base.element if base.kind == "list" and base.element else element
        state.scope[func.value.id] = v.listed(v.joined(before, element))
        return v.OTHER
    return _computed(base, name, arguments)


def _whatever_it_is(base: Value, name: str) -> Value | None:
    """What the name of a method alone, or beside what has it, tells of the result."""
    if name == "cpu":
        return v.MODULE if base.kind == "module" else replace(base, kind=_tensor_of(base), device="cpu")
    if name == "detach":
        return replace(base, kind=_tensor_of(base), grad="no")
    if name == "state_dict":
        return v.STATE
    if name in {"parameters", "named_parameters", "buffers", "named_buffers"}:
        return v.listed(v.PARAMETER if "param" in name else v.BUFFER)
    if name in {"values", "items"} and base.kind == "state":
        return v.listed(base.element or v.UNKNOWN)
    if name in {"eval", "train", "requires_grad_", "half", "float", "double"} and base.kind == "module":
        return v.MODULE
    return replace(base, grad="yes") if name == "requires_grad_" else None


def _of_self(state: Evaluator, name: str, arguments: list[Value]) -> Value:
    """The value of ``self.f(...)``."""
    held = state.attributes.get(name, v.UNKNOWN)
    if held.kind == "function":
        return v.combined(arguments)
    return v.OUTPUT if held.kind == "module" or (name == "forward" and state.in_module) else v.UNKNOWN


def _computed(base: Value, name: str, arguments: list[Value]) -> Value:
    """What a method of a tensor or an array computes."""
    if base.kind == "tensor":
        result = v.combined([base, *(a for a in arguments if a.kind == "tensor")])
        return result.without_grad() if name in UNDIFFERENTIABLE or base.grad == "no" else result
    if base.kind == "array":
        return v.UNKNOWN if name in _REDUCTIONS else v.ARRAY  # a reduction may give a scalar
    return v.UNKNOWN


def _moved(base: Value, receiver: ast.expr, name: str, node: ast.Call, given: dict[str, ast.expr]) -> Value:
    """What `.to(...)` or `.cuda()` gives: a module, a tensor, or one of the two where nothing more is known."""
    made = receiver.func if isinstance(receiver, ast.Call) else receiver
    named = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else ""
    if base.kind == "module" or (base.kind == "unknown" and (named[:1].isupper() or named in MODULE_NAMES)):
        return v.MODULE
    targets = [*node.args[:1], *(given[k] for k in ("device",) if k in given)]
    if name != "to":
        targets = [ast.Constant("cuda")]
    for target in targets:
        if _is_cpu(target):
            return replace(base, device="cpu")
        text = ast.unparse(target)
        if "device" in text or "cuda" in text or "mps" in text or "gpu" in text.lower():
            kind = "moved" if base.kind == "unknown" else base.kind
            return replace(base, kind=kind, device="any", origin=base.origin or "a tensor on a device")
    return base


def _tensor_of(value: Value) -> str:
    """Its kind, where only a tensor has such a method (or a module, whose name would have said so)."""
    return "tensor" if value.kind in {"unknown", "moved"} else value.kind


def _is(node: ast.expr | None, constant: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is constant


def _is_cpu(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == "cpu"
    return isinstance(node, ast.Call) and bool(node.args) and _is_cpu(node.args[0])
