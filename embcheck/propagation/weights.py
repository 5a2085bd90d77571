"""How a layer's weight and bias are drawn, and the two numbers that the theory needs of it."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.laws.declared import Declaration, parse, variables
from embcheck.laws.expressions import evaluate, parse_expression
from embcheck.laws.families import Constant, Orthogonal, Sparse
from embcheck.laws.fans import gain as documented_gain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from embcheck.laws.law import Law

NAMES = (
    "default", "kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform", "orthogonal", "normal",
    "uniform", "trunc_normal", "sparse", "zeros", "ones", "constant", "eye", "dirac",
)  # fmt: skip
DEFAULT = "kaiming_uniform(a=sqrt(5))"
"""What nn.Linear and nn.Conv2d document: U(-1/sqrt(fan_in), 1/sqrt(fan_in))."""
TAKES_GAIN = ("xavier_normal", "xavier_uniform", "orthogonal")


@dataclass(frozen=True)
class Initializer:
    """A function of `torch.nn.init` with its arguments, as typed: ``kaiming_normal``, ``normal(0, 0.02)``.

    Attributes:
        text: the call, the function's name, or ``default`` for what nn.Linear does.
        gain: replaces the initializer's own gain (xavier, orthogonal, kaiming) or multiplies what it draws.
    """

    text: str
    gain: float | None = None

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            near = get_close_matches(self.name, NAMES, 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(NAMES)}."
            raise UsageError(f"No initializer of weights is called {self.text!r}: {hint}")
        if "(" in self.text:
            parse_expression(self.text)
        self._declared()

    @property
    def name(self) -> str:
        """The function's name without its underscore."""
        bare = self.text.strip().rpartition("init.")[2] if "init." in self.text else self.text.strip()
        return bare.partition("(")[0].strip().lower().removesuffix("_")

    @property
    def call(self) -> str:
        """The call in full, with the gain where the function takes one."""
        text = DEFAULT if self.name == "default" else self.text.strip().rpartition("init.")[2] or self.text.strip()
        head, _, rest = text.partition("(")
        arguments = [rest.rstrip().removesuffix(")").strip()] if rest.strip(") ") else []
        if self.gain is not None and self.name in TAKES_GAIN:
            arguments = [f"gain={self.gain!r}"]
        elif self.gain is not None and (self.name == "default" or self.name.startswith("kaiming")):
            mode = [a for a in ",".join(arguments).split(",") if "fan_" in a]
            arguments = [*mode, "nonlinearity='linear'"]
        if self.name == "sparse" and not arguments:
            arguments = ["0.9"]
        return f"{head.strip().removesuffix('_')}({', '.join(arguments)})"

    def _declared(self) -> Declaration:
        return parse(self.call)

    @property
    def factor(self) -> float:
        """What the drawn weight is multiplied by: the gain, where the function takes none."""
        return 1.0 if self.gain is None or self.name in TAKES_GAIN else self.gain

    def law(self, shape: Sequence[int]) -> Law:
        """The law of one layer's weight, before `factor`.

        Raises:
            UsageError: this initializer cannot fill this shape.
        """
        return self._declared().law(shape)

    def effective_gain(self) -> float:
        """The gain as a number, for tables."""
        if self.gain is not None:
            return self.gain
        node = parse_expression(self.call)
        assert isinstance(node, ast.Call)  # noqa: S101 - `call` is one
        given = {k.arg: evaluate(k.value, {}) for k in node.keywords if k.arg in {"gain", "a", "nonlinearity"}}
        if self.name.startswith("kaiming") or self.name == "default":
            word, slope = str(given.get("nonlinearity", "leaky_relu")), float(given.get("a", 0.0))
            return documented_gain(word, slope if word == "leaky_relu" else None)
        return float(given.get("gain", 1.0))

    def moment(self, shape: Sequence[int]) -> float:
        """E[w^2] of one element, `factor` included."""
        law = self.law(shape)
        if isinstance(law, Constant):
            return (law.value * self.factor) ** 2
        return (law.std**2 + law.mean**2) * self.factor**2

    def structure(self, shape: Sequence[int]) -> str:
        """``iid``, ``orthogonal``, or ``other``: constant, identity or not centred, which no mean field describes."""
        law = self.law(shape)
        if isinstance(law, Orthogonal):
            return "orthogonal"
        if isinstance(law, Constant):
            return "iid" if law.value == 0 else "other"
        if isinstance(law, Sparse):
            return "iid"
        return "iid" if law.iid and law.mean == 0 else "other"

    def fill(self, weight: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Draw into `weight` with torch's own function, and return it."""
        import torch

        node = parse_expression(self.call)
        assert isinstance(node, ast.Call)  # noqa: S101
        names = variables(tuple(weight.shape))
        args = [evaluate(a, names) for a in node.args]
        kwargs = {str(k.arg): evaluate(k.value, names) for k in node.keywords}
        if self.name not in {"zeros", "ones", "constant", "eye", "dirac"}:
            kwargs["generator"] = generator  # type: ignore[assignment]
        function = getattr(torch.nn.init, f"{node.func.id}_")  # type: ignore[attr-defined]
        if self.name == "orthogonal" and weight.dtype in {torch.float16, torch.bfloat16}:
            wide = weight.float()  # torch has no 16-bit QR: this is what a user of it must do too
            weight.copy_(function(wide, *args, **kwargs))
        else:
            function(weight, *args, **kwargs)
        return weight if self.factor == 1 else weight.mul_(self.factor)


@dataclass(frozen=True)
class Bias:
    """How a bias is drawn: ``0``, a standard deviation, ``default`` (nn.Linear's uniform), or an initializer's call."""

    text: str = "0"

    def __post_init__(self) -> None:
        law = self.law(fan_in=4)
        if not (law.exact or law.iid):
            raise UsageError(f"A bias cannot be drawn by {self.text!r}: give a standard deviation or normal(0, 0.1).")

    def law(self, fan_in: int) -> Law:
        """The law of one element.

        Raises:
            UsageError: no number and no initializer of a vector.
        """
        return _bias_law(self.text.strip(), fan_in)

    def moment(self, fan_in: int) -> float:
        """E[b^2]."""
        law = self.law(fan_in)
        return law.value**2 if isinstance(law, Constant) else law.std**2 + law.mean**2

    def centred(self, fan_in: int) -> bool:
        """Whether its mean is 0, as the mean field assumes."""
        return self.law(fan_in).mean == 0

    def fill(self, bias: torch.Tensor, fan_in: int, generator: torch.Generator) -> torch.Tensor:
        """Draw into `bias` with torch's own function, and return it."""
        from embcheck.laws.continuous import Normal, Uniform

        law = self.law(fan_in)
        if isinstance(law, Constant):
            return bias.fill_(law.value)
        if isinstance(law, Normal):
            return bias.normal_(law.mean, law.std, generator=generator)
        if isinstance(law, Uniform):
            return bias.uniform_(*law.support, generator=generator)
        raise UsageError(f"A bias cannot be drawn by {self.text!r}: give a standard deviation, normal or uniform.")


@lru_cache(maxsize=256)
def _bias_law(text: str, fan_in: int) -> Law:
    try:
        std = float(text)
    except ValueError:
        bound = f"1/sqrt({fan_in})"
        call = f"uniform(-{bound}, {bound})" if text == "default" else text.replace("fan_in", str(fan_in))
        return parse(call).law((fan_in,))
    if not (math.isfinite(std) and std >= 0):
        raise UsageError(f"A bias has a standard deviation of 0 or more, not {text}.")
    return parse(f"normal(0, {std!r})").law((fan_in,))
