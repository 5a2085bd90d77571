"""Arithmetic in declarations, read by a whitelist of syntax nodes; nothing is ever evaluated as Python."""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.laws.fans import gain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 500

_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "exp": math.exp,
    "expm1": math.expm1,
    "calculate_gain": gain,
}


def parse_expression(text: str) -> ast.expr:
    """The syntax tree of one expression.

    Raises:
        UsageError: longer than 500 characters, or not an expression.
    """
    if len(text) > LONGEST:
        raise UsageError(f"A declaration of {len(text)} characters is longer than {LONGEST}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes in quoted words
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UsageError(f"'{text}' cannot be read; write something like normal(0, 0.02/sqrt(2*12)).") from None


def evaluate(node: ast.expr | str, names: Mapping[str, Callable[[], float]]) -> float | str:
    """The number, or the quoted word, that an expression stands for.

    Args:
        node: text, or what `parse_expression` made of it.
        names: what may be used beside pi, sqrt, log, exp, expm1 and calculate_gain; called only where it is used.

    Raises:
        UsageError: anything but arithmetic on known names, or a result that is not a finite real number.
    """
    if isinstance(node, str):
        node = parse_expression(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    try:
        value = _number(node, names)
    except (ArithmeticError, ValueError, TypeError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"'{ast.unparse(node)}' has no value: {error}.") from None
    if isinstance(value, complex) or not math.isfinite(value):
        raise UsageError(f"'{ast.unparse(node)}' is not a finite real number.")
    return value


def _number(node: ast.expr, names: Mapping[str, Callable[[], float]]) -> float:
    """Every leaf becomes a float first: 9**9**9 overflows at once instead of filling the memory."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_number(node.left, names), _number(node.right, names))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_number(node.operand, names))
    if isinstance(node, ast.Name):
        if node.id == "pi":
            return math.pi
        if node.id in names:
            return float(names[node.id]())
        raise UsageError(f"'{node.id}' is not known here; use numbers, {', '.join(('pi', *names, *_FUNCTIONS))}.")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        if node.keywords:
            raise UsageError(f"'{node.func.id}' takes no arguments by name.")
        return _FUNCTIONS[node.func.id](*(evaluate(argument, names) for argument in node.args))
    raise UsageError(f"'{ast.unparse(node)}' is not arithmetic; use + - * / **, sqrt and numbers.")


def parse_slice(text: str, names: Mapping[str, Callable[[], float]]) -> tuple[slice, ...]:
    """The slices of a bracket, ``[h:2h]`` or ``[:, 3:]``; ``2h`` means ``2*h``.

    Raises:
        UsageError: not a bracket of slices, or a bound that is not a whole number.
    """
    inside = re.fullmatch(r"\s*\[(.*)\]\s*", text)
    if not inside or len(text) > LONGEST:
        raise UsageError(f"Slice '{text}' cannot be read; write something like [h:2h].")
    return tuple(_one_slice(part, text, names) for part in inside[1].split(","))


def _one_slice(part: str, text: str, names: Mapping[str, Callable[[], float]]) -> slice:
    bounds = part.split(":")
    if len(bounds) != 2:
        raise UsageError(f"Slice '{text}' needs one colon a dimension, as in [h:2h].")
    whole: list[int | None] = []
    for bound in bounds:
        if not bound.strip():
            whole.append(None)
            continue
        value = evaluate(re.sub(r"(\d)\s*(?=[a-z(])", r"\1*", bound), names)
        if isinstance(value, str) or value != int(value):
            raise UsageError(f"Slice '{text}': '{bound.strip()}' is not a whole number.")
        whole.append(int(value))
    return slice(*whole)
