"""Whether a conversion in a source file fails once the tensor is on a device or requires grad."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embcheck.subjects.conversion.installed import additions
from embcheck.subjects.source.names import Names, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.source.values import Value

TORCHS_OWN = ("torch/_tensor.py", "torch/tensor.py")
"""Where torch defines `Tensor.__array__`; only an edit is looked for there."""
_SEVERITY = {True: "warning", False: "note"}


@dataclass(frozen=True)
class Hit:
    """One conversion in a file."""

    path: str
    line: int
    rule: str
    operation: str
    message: str
    fix: str = ""
    severity: str = "warning"
    sound: bool = False

    def row(self) -> dict[str, Any]:
        """Its row of the table ``conversions``."""
        return {
            "source": f"{self.path}:{self.line}",
            "operation": self.operation,
            "device": "",
            "dtype": "",
            "outcome": "works" if self.sound else "may fail" if self.severity == "note" else "fails",
            "exception": "",
            "message": self.message,
            "safe": self.fix,
            "verified": False,
        }


def judge(call: ast.Call, operation: str, value: Value, path: str, *, no_grad: bool, names: Names) -> Iterator[Hit]:
    """The hits of one conversion.

    A warning needs a reason to think that the value is on a device (it comes from a module, a parameter, a state dict,
    or `.to(device)`) or in the graph. Where nothing is known of it, `x.numpy()` is a note, and `np.asarray(x)` nothing.
    """
    text = spelled(call)
    if operation == ".numpy":
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else call
        yield from _crossing(call, text, spelled(receiver), value, path, no_grad=no_grad, rivals=names.rivals)
    elif operation.startswith("numpy."):
        yield from _by_numpy(call, operation, value, path, no_grad=no_grad)
    elif operation == "torch.tensor" and value.kind == "tensor":
        given = spelled(call.args[0])
        said = f"{text} copies a tensor's values, drops its history, and warns"
        fix = f"{given}.clone()" if value.grad == "yes" else f"{given}.detach().clone()"
        yield Hit(path, call.lineno, "lost-gradient", text, said, fix)
    elif value.kind == "list" and value.element is not None and value.element.kind == "array":
        fix = f"torch.from_numpy(np.stack({spelled(call.args[0])}))"
        yield Hit(path, call.lineno, "slow-conversion", text, f"{text} takes a list of arrays number by number", fix)


def _by_numpy(call: ast.Call, operation: str, value: Value, path: str, *, no_grad: bool) -> Iterator[Hit]:
    """A function of numpy that is handed a tensor, or a list of them."""
    text = spelled(call)
    inner = value.element if value.kind == "list" else value
    if inner is None or inner.kind != "tensor":
        return
    if inner.device == "any" or (inner.grad == "yes" and not no_grad):
        yield from _crossing(call, text, spelled(call.args[0]) if call.args else "x", inner, path, no_grad=no_grad)
    elif value.kind == "tensor" and operation == "numpy.array" and value.device == "cpu" and call.args:
        said = f"{text}: numpy 2 warns, since torch's __array__ has no copy keyword"
        yield Hit(path, call.lineno, "array-copy-keyword", text, said, f"{spelled(call.args[0])}.numpy().copy()")


def _crossing(
    call: ast.Call, text: str, receiver: str, value: Value, path: str, *, no_grad: bool, rivals: bool = False
) -> Iterator[Hit]:
    if value.kind in {"array", "other", "module", "state", "list"} or (value.kind == "unknown" and rivals):
        return
    graph = value.grad == "yes" and not no_grad
    origin = value.origin or "a tensor of unknown origin"
    steps = ("" if value.grad == "no" else ".detach()") + ("" if value.device == "cpu" else ".cpu()")
    fix = f"{receiver}{steps}.numpy()"
    if value.device != "cpu":
        certain = value.device == "any"
        yield Hit(
            path, call.lineno, "off-cpu", text, f"{text} fails once {origin} is not on the CPU", fix, _SEVERITY[certain]
        )
    if graph:
        yield Hit(path, call.lineno, "requires-grad", text, f"{text} fails while {origin} requires grad", fix)
    if value.device == "cpu" and not graph:
        yield Hit(path, call.lineno, "off-cpu", text, f"{text} is on the CPU when it is converted", sound=True)


def patched(tree: ast.Module, names: Names, path: str) -> Iterator[Hit]:
    """Edits of torch's own conversion: in its file, or by assignment from outside."""
    said = "changes torch's own conversion for everybody in the process; convert where the tensor is used"
    for node in ast.walk(tree):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if names.path(target) in {"torch.Tensor.numpy", "torch.Tensor.__array__"}:
                yield Hit(path, target.lineno, "patched-torch", spelled(node), f"{spelled(target)} = ... {said}",
                          "x.detach().cpu().numpy()", "error")  # fmt: skip
        own = path.endswith(TORCHS_OWN)
        if own and isinstance(node, ast.FunctionDef) and node.name in {"__array__", "numpy"}:
            added = ", ".join(sorted(additions(ast.unparse(node))))
            if added:
                text = f"torch's own {node.name} was edited: it calls {added}"
                fix = "pip install --force-reinstall --no-deps torch"
                yield Hit(path, node.lineno, "patched-torch", f"def {node.name}", text, fix, "error")


def snapshots(tree: ast.Module, path: str) -> Iterator[Hit]:
    """`best = model.state_dict()` that is loaded back later: it holds the parameters' own memory."""
    loaded = {
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "load_state_dict"
        and node.args
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        call = node.value
        shallow = call
        if isinstance(call.func, ast.Attribute) and call.func.attr == "copy":  # state_dict().copy(), copy.copy(...)
            inner = call.args[0] if call.args else call.func.value
            shallow = inner if isinstance(inner, ast.Call) else call
        if not (isinstance(shallow.func, ast.Attribute) and shallow.func.attr == "state_dict" and not shallow.args):
            continue
        for target in node.targets:
            name = ast.unparse(target)
            if name in loaded and "best" in name.lower() and "optim" not in ast.unparse(shallow).lower():
                said = f"{name} holds the parameters' own memory: when it is loaded back, the best is the last"
                fix = f"{name} = copy.deepcopy({spelled(shallow)})"
                yield Hit(path, node.lineno, "shared-memory", spelled(node), said, fix)
