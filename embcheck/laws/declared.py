"""A law as its author types it: ``normal(0, 0.02/sqrt(2*12))``, ``padded(normal(), 0)``, ``default()``."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.laws.expressions import evaluate, parse_expression
from embcheck.laws.families import Normal, Padded, TruncatedNormal, Uniform
from embcheck.laws.fans import Fans, fans
from embcheck.laws.initializers import INITIALIZERS, law_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import nn

    from embcheck.laws.law import Law


@dataclass(frozen=True)
class Declaration:
    """A call of an initializer, checked for syntax; it becomes a law once the shape is known."""

    text: str

    def __post_init__(self) -> None:
        _called(self.text)

    def __str__(self) -> str:
        return self.text

    def law(self, shape: Sequence[int], module: nn.Module | None = None, name: str = "weight", layout: str = "") -> Law:
        """The law for a tensor of this shape.

        Args:
            shape: of the tensor.
            module: its owner, where there is one: `default()`, `h` and the fans of a bias need it.
            name: the tensor's name; its last part is what the owner calls it.
            layout: order of the dimensions where it is not torch's (see `laws.fans.fans`).

        Raises:
            UsageError: an unknown initializer, argument or name, or one that this tensor cannot have.
        """
        try:
            return _law(_called(self.text), tuple(shape), module, name.rpartition(".")[2], layout)
        except UsageError as error:
            raise UsageError(f"{self.text}: {error}" if self.text not in str(error) else str(error)) from None


def parse(text: str) -> Declaration:
    """Read a declared law.

    Raises:
        UsageError: it is not the call of an initializer that embcheck knows.
    """
    return Declaration(text.strip())


@lru_cache(maxsize=1024)
def _called(text: str) -> ast.Call:
    """The call, with the initializer's name known and every argument arithmetic."""
    node = parse_expression(text)
    if isinstance(node, ast.Name):  # "zeros" for "zeros()"
        node = ast.Call(node, [], [])
    _check(node, text)
    assert isinstance(node, ast.Call)  # noqa: S101 - _check has seen to it
    return node


def _check(node: ast.expr, text: str) -> None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise UsageError(f"'{text}' is no law; write a call such as normal(0, 0.02).")
    if any(keyword.arg is None for keyword in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
        raise UsageError(f"'{text}' must name each argument; stars are not read.")
    if node.func.id == "padded":
        if not node.args or len(node.args) + len(node.keywords) != 2:
            raise UsageError(f"'{text}': padded takes a law and a row, as in padded(normal(), 0).")
        _check(node.args[0], text)
    elif node.func.id != "default":
        name = node.func.id if node.func.id in INITIALIZERS else node.func.id.removesuffix("_")
        if name not in INITIALIZERS:
            law_of(name, ())  # raises, with the nearest name
    arguments = [*node.args[node.func.id == "padded" :], *(keyword.value for keyword in node.keywords)]
    for argument in arguments:
        evaluate(argument, dict.fromkeys(VARIABLES, lambda: 4.0))


def _law(call: ast.Call, shape: tuple[int, ...], module: nn.Module | None, name: str, layout: str) -> Law:
    assert isinstance(call.func, ast.Name)  # noqa: S101 - _check has seen to it
    names = variables(shape, module, name, layout)
    if call.func.id == "default":
        return _default(module, name)
    if call.func.id == "padded":
        assert isinstance(call.args[0], ast.Call)  # noqa: S101
        row = evaluate([*call.args[1:], *(k.value for k in call.keywords)][0], names)
        return padded(_law(call.args[0], shape, module, name, layout), row, shape)
    args = [evaluate(argument, names) for argument in call.args]
    kwargs = {str(keyword.arg): evaluate(keyword.value, names) for keyword in call.keywords}
    law = law_of(call.func.id, shape, *args, layout=layout, **kwargs)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(law, Normal | Uniform | TruncatedNormal) and any(map(_computed, given)):
        return replace(law, spelling=_typed(call))
    return law


def _computed(argument: ast.expr) -> bool:
    return any(isinstance(node, ast.BinOp | ast.Name) for node in ast.walk(argument))


def _typed(call: ast.Call) -> str:
    """As an author writes it: no blanks around the operators that bind tightly."""
    text = ast.unparse(call)
    for tight in ("**", "*", "/"):
        text = text.replace(f" {tight} ", tight)
    return text


def padded(law: Law, row: float | str, shape: tuple[int, ...]) -> Padded:
    """`law` with one row of zeros; a negative row counts from the end, as in `nn.Embedding`.

    Raises:
        UsageError: there is no such row.
    """
    rows = shape[0] if shape else 0
    if isinstance(row, str) or row != int(row) or not -rows <= row < rows:
        raise UsageError(f"padding_idx {row} is not a row of a tensor of shape {shape}.")
    return Padded(law, int(row) % rows)


def _default(module: nn.Module | None, name: str) -> Law:
    if module is None:
        raise UsageError("default() needs the live layer; a checkpoint alone does not say which one it was.")
    from embcheck.laws.layers import promised

    laws = promised(module)
    if name not in laws:
        raise UsageError(f"torch.nn documents no default for '{name}' of {type(module).__name__}.")
    return laws[name]


VARIABLES = ("fan_in", "fan_out", "h")


def variables(
    shape: tuple[int, ...], module: nn.Module | None = None, name: str = "", layout: str = ""
) -> Mapping[str, Callable[[], float]]:
    """What an expression may use, each computed only when it is used: fan_in, fan_out, h."""
    found = partial(_fans, shape, module, layout)
    return {
        "fan_in": lambda: found().fan_in,
        "fan_out": lambda: found().fan_out,
        "h": partial(_hidden, shape, module, name),
    }


def _fans(shape: tuple[int, ...], module: nn.Module | None, layout: str) -> Fans:
    """A bias has the fans of the weight beside it."""
    weight = getattr(module, "weight", None)
    if len(shape) < 2 and weight is not None and weight.dim() >= 2:
        return fans(tuple(weight.shape), layout)
    return fans(shape, layout)


def _hidden(shape: tuple[int, ...], module: nn.Module | None, name: str) -> int:
    size = getattr(module, "hidden_size", None)
    if isinstance(size, int):
        return size
    if name.startswith("weight_hh") and len(shape) == 2:
        return shape[1]
    raise UsageError(f"h is the hidden size of a recurrent layer, and '{name}' does not belong to one.")
