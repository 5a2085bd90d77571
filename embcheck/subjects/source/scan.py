"""Walk over a Python file, statement by statement, and collect the conversions that may fail."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embcheck.results import Location
from embcheck.subjects.source import values as v
from embcheck.subjects.source.evaluate import Evaluator
from embcheck.subjects.source.judge import TORCHS_OWN, Hit, judge, patched, snapshots
from embcheck.subjects.source.names import NO_GRAD, Names, asked_type, asks_place, is_module_class
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from pathlib import Path

    from embcheck.subjects.source.values import Value

_LARGEST = 4 << 20


def scan(path: Path) -> Subject:
    """Look at one file without running it.

    Returns:
        a subject of kind "line" whose value is a list of `Hit`; ``facts["reason"]`` says why a file was not looked at.
    """
    name = path.as_posix()
    hits: list[Hit] = []
    reason = ""
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST >> 20} MB")
        tree = ast.parse(path.read_bytes())
        hits = look(tree, name)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = f"{type(error).__name__}: {error}"
    return Subject(
        name, "line", hits, location=Location(name), facts={"reason": reason, "rows": [h.row() for h in hits]}
    )


def look(tree: ast.Module, path: str) -> list[Hit]:
    """The hits of a file, by line. A file that does not import torch has none."""
    names = Names(tree)
    if path.endswith(TORCHS_OWN):
        return list(patched(tree, names, path))
    if not names.torch:
        return []
    walk = _Walk(names, path)
    walk.body(tree.body)
    found = {(h.line, h.rule, h.message): h for h in (*walk.hits, *patched(tree, names, path), *snapshots(tree, path))}
    return sorted(found.values(), key=lambda h: (h.line, h.rule))


def left(branch: list[ast.stmt]) -> bool:
    """Whether a branch never reaches what comes after it."""
    return bool(branch) and isinstance(branch[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


@dataclass
class _Class:
    attributes: dict[str, Value]
    in_module: bool


class _Walk:
    """The statements of a file."""

    def __init__(self, names: Names, path: str) -> None:
        self.names = names
        self.path = path
        self.hits: list[Hit] = []
        self.values = Evaluator(names, self._note)

    def _note(self, call: ast.Call, operation: str, value: Value) -> None:
        self.hits.extend(judge(call, operation, value, self.path, no_grad=bool(self.values.no_grad), names=self.names))

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            method = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if method is not None:
                method(statement)
            else:
                for child in ast.iter_child_nodes(statement):
                    self.values.of(child)

    def _assign(self, node: ast.Assign) -> None:
        value = self.values.of(node.value)
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.values.of(target)
            self.values.bind(target, value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        value = self.values.of(node.value) if node.value else self._annotated(node.annotation)
        self.values.bind(node.target, value)

    def _augassign(self, node: ast.AugAssign) -> None:
        value = v.combined([self.values.of(node.target), self.values.of(node.value)])
        if self.values.of(node.target).kind == "tensor":
            self.values.bind(node.target, value)

    def _if(self, node: ast.If) -> None:
        self.values.of(node.test)
        name, *learned = asked_type(node.test)
        if name:
            outer = self.values.scope.get(name, v.UNKNOWN)
            as_tensor = outer if outer.kind == "tensor" else v.Value("tensor")
            known = {"tensor": as_tensor, "other": v.UNKNOWN, "same": outer}
            inside, outside = (known[word] for word in learned)
            self._either(node.body, node.orelse, given=({name: inside}, {name: outside}))
            stays = not any(left(branch) for branch in (node.body, node.orelse))
            if stays and self.values.scope.get(name) == v.joined(inside, outside):
                self.values.scope[name] = outer  # neither branch assigned to it
        elif not node.orelse and asks_place(node.test):
            self.body(node.body)  # `if x.is_cuda: x = x.cpu()`: afterwards it is on the CPU either way
        else:
            self._either(node.body, node.orelse)

    def _either(self, *branches: list[ast.stmt], given: tuple[dict[str, Value], ...] = ()) -> None:
        """Branches of which one is taken; `given` says what is known at the start of each."""
        before = dict(self.values.scope)
        ends: list[dict[str, Value]] = []
        for i, branch in enumerate(branches):
            self.values.scope = {**before, **(given[i] if given else {})}
            self.body(branch)
            if not left(branch):
                ends.append(self.values.scope)
        merged = ends[0] if ends else before
        for other in ends[1:]:
            names = {*merged, *other}
            merged = {n: v.joined(merged.get(n, v.UNKNOWN), other.get(n, v.UNKNOWN)) for n in names}
        self.values.scope = merged

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self.values.bind(node.target, self.values.element(self.values.of(node.iter)))
        self.body(node.body)
        self.body(node.orelse)

    _asyncfor = _for

    def _while(self, node: ast.While) -> None:
        self.values.of(node.test)
        self.body(node.body)
        self.body(node.orelse)

    def _try(self, node: ast.Try) -> None:
        self.body(node.body)
        for handler in node.handlers:
            self._either(handler.body, [])
        self.body(node.orelse)
        self.body(node.finalbody)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        quiet = sum(self._stops_grad(item.context_expr) for item in node.items)
        for item in node.items:
            self.values.of(item.context_expr)
            if item.optional_vars is not None:
                self.values.bind(item.optional_vars, v.UNKNOWN)
        self.values.no_grad += quiet
        self.body(node.body)
        self.values.no_grad -= quiet

    _asyncwith = _with

    def _stops_grad(self, node: ast.expr) -> bool:
        call = node if isinstance(node, ast.Call) else None
        path = self.names.path(call.func if call else node)
        if path == "torch.set_grad_enabled" and call and call.args:
            return isinstance(call.args[0], ast.Constant) and call.args[0].value is False
        return path in NO_GRAD

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer, quiet = self.values.scope, self.values.no_grad
        self.values.scope = dict(outer)
        self.values.no_grad = sum(self._stops_grad(d) for d in node.decorator_list)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.values.scope[argument.arg] = self._annotated(argument.annotation)
        self.body(node.body)
        self.values.scope, self.values.no_grad = outer, quiet

    _asyncfunctiondef = _functiondef

    def _annotated(self, annotation: Any) -> Value:
        if annotation is None:
            return v.UNKNOWN
        text = ast.unparse(annotation).strip("'\"")
        if text in {"torch.Tensor", "Tensor"}:
            return v.Value("tensor")
        if text in {"nn.Module", "torch.nn.Module", "Module"}:
            return v.MODULE
        if "ndarray" in text and "Tensor" not in text:
            return v.ARRAY
        return v.OTHER if text in {"int", "float", "str", "bool"} else v.UNKNOWN

    def _classdef(self, node: ast.ClassDef) -> None:
        outer = _Class(self.values.attributes, self.values.in_module)
        scope = dict(self.values.scope)
        self.values.attributes, self.values.in_module = {}, is_module_class(node)
        # __init__ first: it says what the other methods find on self
        methods = sorted(node.body, key=lambda s: getattr(s, "name", "") not in {"__init__", "setup", "build"})
        self.body(methods)
        self.values.attributes, self.values.in_module = outer.attributes, outer.in_module
        self.values.scope = scope
