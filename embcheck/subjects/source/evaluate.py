"""Evaluate an expression over abstract values, and note each conversion to numpy on the way."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from embcheck.subjects.source import values as v
from embcheck.subjects.source.calls import of_method, of_torch
from embcheck.subjects.source.names import ARRAY_MAKERS, MODULE_NAMES, Names
from embcheck.subjects.source.values import Value

Note = Callable[[ast.Call, str, Value], None]
"""Called with the call, ``.numpy``, ``numpy.array``, ``torch.tensor``, ..., and the value that is converted."""


class Evaluator:
    """Expressions of one function, under the names that are bound so far."""

    def __init__(self, names: Names, note: Note) -> None:
        self.names = names
        self.note = note
        self.scope: dict[str, Value] = {}
        self.attributes: dict[str, Value] = {}
        """What the methods of the class have assigned to `self`."""
        self.in_module = False
        self.no_grad = 0

    def of(self, node: ast.AST | None) -> Value:
        """The value of an expression; every call in it is looked at."""
        if node is None:
            return v.UNKNOWN
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            value: Value = method(node)
            return (
                value.without_grad()
                if self.no_grad and value.kind == "tensor" and value.origin != "a parameter"
                else value
            )
        for child in ast.iter_child_nodes(node):
            self.of(child)
        return v.UNKNOWN

    def _name(self, node: ast.Name) -> Value:
        return self.scope.get(node.id, v.UNKNOWN)

    def _constant(self, node: ast.Constant) -> Value:  # noqa: ARG002 - all constants are alike
        return v.OTHER

    def _joinedstr(self, node: ast.JoinedStr) -> Value:
        for child in ast.iter_child_nodes(node):
            self.of(child)
        return v.OTHER

    def _attribute(self, node: ast.Attribute) -> Value:
        if isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in self.attributes:
            return self.attributes[node.attr]
        base = self.of(node.value)
        if node.attr == "data":
            return replace(base, grad="no")
        if node.attr == "grad" and base.kind == "tensor":
            return replace(base, grad="no", origin="a gradient")
        if node.attr in {"T", "mT", "H", "real", "imag", "values", "indices"} and base.kind == "tensor":
            return base
        if node.attr in {"weight", "bias"} and base.kind == "module":
            return v.PARAMETER
        if node.attr in {"shape", "dtype", "device", "ndim", "requires_grad", "grad_fn"}:
            return v.OTHER
        return v.MODULE if base.kind == "module" else v.UNKNOWN

    def _subscript(self, node: ast.Subscript) -> Value:
        base = self.of(node.value)
        self.of(node.slice)
        if base.kind in {"list", "state"} and not isinstance(node.slice, ast.Slice):
            return base.element or v.UNKNOWN
        if base.kind == "array" and not isinstance(node.slice, (ast.Slice, ast.Tuple)):
            return v.UNKNOWN  # a row, or a scalar
        return base if base.kind in {"tensor", "array", "list"} else v.UNKNOWN

    def _binop(self, node: ast.BinOp) -> Value:
        sides = [self.of(node.left), self.of(node.right)]
        kinds = {s.kind for s in sides}
        if kinds & {"tensor", "moved"}:
            return v.combined(sides)
        return v.ARRAY if "array" in kinds else v.OTHER if kinds == {"other"} else v.UNKNOWN

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        return self.of(node.operand)

    def _compare(self, node: ast.Compare) -> Value:
        sides = [self.of(node.left), *map(self.of, node.comparators)]
        if any(s.kind == "tensor" for s in sides):
            return replace(v.combined(sides), grad="no")
        return v.UNKNOWN

    def _ifexp(self, node: ast.IfExp) -> Value:
        self.of(node.test)
        return v.joined(self.of(node.body), self.of(node.orelse))

    def _namedexpr(self, node: ast.NamedExpr) -> Value:
        value = self.of(node.value)
        self.scope[node.target.id] = value
        return value

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        elements = [self.of(e) for e in node.elts]
        if not elements:
            return v.Value("list")
        element = elements[0]
        for other in elements[1:]:
            element = v.joined(element, other)
        return v.listed(element)

    _tuple = _list
    _set = _list

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Value:
        outer = dict(self.scope)
        for generator in node.generators:
            self.bind(generator.target, self.element(self.of(generator.iter)))
            for test in generator.ifs:
                self.of(test)
        value = v.listed(self.of(node.elt))
        self.scope = outer
        return value

    _generatorexp = _listcomp
    _setcomp = _listcomp

    def _dictcomp(self, node: ast.DictComp) -> Value:
        outer = dict(self.scope)
        for generator in node.generators:
            self.bind(generator.target, self.element(self.of(generator.iter)))
        self.of(node.key)
        value = self.of(node.value)
        self.scope = outer
        return Value("state", value.device, value.grad, value)

    def _lambda(self, node: ast.Lambda) -> Value:
        outer = dict(self.scope)
        for argument in (*node.args.args, *node.args.kwonlyargs):
            self.scope[argument.arg] = v.UNKNOWN
        self.of(node.body)
        self.scope = outer
        return v.UNKNOWN

    def _call(self, node: ast.Call) -> Value:
        path = self.names.path(node.func)
        arguments = [self.of(a) for a in node.args]
        keywords = {k.arg or "": self.of(k.value) for k in node.keywords}
        given = {k.arg: k.value for k in node.keywords if k.arg}
        if path.startswith("torch."):
            return of_torch(self, node, path, arguments, given)
        if path.startswith("numpy."):
            for argument in (*arguments, *keywords.values()):
                if argument.kind in {"tensor", "list"}:
                    self.note(node, path, argument)
            return v.ARRAY if path.rpartition(".")[2] in ARRAY_MAKERS else v.OTHER
        if isinstance(node.func, ast.Attribute):
            return of_method(self, node, node.func, arguments, given)
        function = self.of(node.func)
        if function.kind == "function":
            return v.combined(arguments)
        if function.kind in {"module", "moved"}:
            return v.OUTPUT
        return self._of_name(node.func.id, arguments) if isinstance(node.func, ast.Name) else v.UNKNOWN

    def _of_name(self, name: str, arguments: list[Value]) -> Value:
        """The value of ``f(...)``: a builtin, or something whose name says that it is a module."""
        if name in {"float", "int", "len", "str", "range", "bool"}:
            return v.OTHER
        if name in {"zip", "enumerate", "list", "tuple", "reversed", "sorted"} and arguments:
            return v.listed(self.element(arguments[-1]) if name != "zip" else v.UNKNOWN)
        if name not in self.scope and name not in MODULE_NAMES:
            return v.UNKNOWN
        named = name in MODULE_NAMES or name.endswith(("_model", "_net"))
        return v.OUTPUT if named or (name == "self" and self.in_module) else v.UNKNOWN

    def element(self, value: Value) -> Value:
        """What iterating over the value gives."""
        if value.kind in {"list", "state"} and value.element is not None:
            return value.element
        return value if value.kind == "tensor" else v.UNKNOWN

    def bind(self, target: ast.AST, value: Value) -> None:
        """Assign to a name, to `self.name`, or to each of several."""
        if isinstance(target, ast.Name):
            self.scope[target.id] = value
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            known = self.attributes.get(target.attr)
            self.attributes[target.attr] = value if known is None else v.joined(known, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for held in target.elts:
                part = held.value if isinstance(held, ast.Starred) else held
                # unpacking the output of a module gives parts of it; of `for name, p in named_parameters()` the last
                inner = value.element if value.kind == "list" and value.element else value
                self.bind(part, inner if inner.kind == "tensor" else v.UNKNOWN)
