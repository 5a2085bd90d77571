"""What is kept of every tensor of an audit after it was looked at: numbers, to be compared with its peers'."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from embcheck.laws.expectations import Expectations
    from embcheck.subjects.inventory.held import Held
    from embcheck.subjects.inventory.model import Inventory


@dataclass
class Member:
    """One tensor, after the pass over it."""

    held: Held
    n: int
    mean: float
    std: float
    low: float
    high: float
    zero: int
    nan: int
    finite: int
    law: str = ""
    """What it was drawn from, as identified; "" where nothing fits."""
    fitted: bool = False
    """The law's constants were read off the values: the family fits, nobody's constants do."""
    cost: float = 0.0
    """How rare the law's name is: minus the logarithm of its prior weight."""
    alternatives: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    """Of these, the names that are hardly less plausible than `law`: what its peers follow decides between them."""
    kurtosis: float = 3.0
    """Of the identified law."""
    p_value: float = float("nan")
    d: float = float("nan")
    default: float = float("nan")
    """p-value of torch's own default for this layer; nan where torch documents none."""
    head: tuple[float, ...] = ()
    """Its first values over its standard deviation: what copies share even after scaling."""
    start: tuple[float, ...] = ()
    """Its first values in memory over the largest of them: what draws from one stream share, whatever their shape."""
    across: tuple[float, ...] = ()
    """The same of a matrix read column by column: a layer that was drawn as (inputs, outputs) and turned."""
    computed: bool = False
    """It looks like a formula's table: few distinct values, or ascending or descending ones."""
    few: bool = False
    """It has too few elements to tell what it was drawn from."""
    declared: bool = False
    declared_law: str = ""
    declared_p: float = float("nan")
    """p-value of the declared law (0 or 1 for an exact one or a range); nan without one."""
    declared_exact: bool = False
    """Whether the declared law says what every element is."""

    @property
    def constant(self) -> bool:
        """Whether every element is the same."""
        return self.finite == self.n and self.low == self.high

    @property
    def random(self) -> bool:
        """Whether the values look like independent draws, of an initializer's law or of its family."""
        return bool(self.law) and not self.constant

    @property
    def fresh(self) -> bool:
        """Whether it looks freshly drawn from an initializer's law, with constants that somebody would type."""
        return self.random and not self.fitted


@dataclass
class Census:
    """Everybody, and the model that they belong to."""

    members: list[Member] = field(default_factory=list)
    inventory: Inventory | None = None
    expectations: Expectations | None = None
    optimizers: Sequence[Any] = ()
    """Those that will train the model, as given; a model may also keep its own."""
    unread: dict[str, str] = field(default_factory=dict)
    """Tensors without values to look at, with the reason."""

    @property
    def parameters(self) -> list[Member]:
        """The floating-point parameters."""
        return [m for m in self.members if m.held.kind == "parameter"]

    @property
    def weights(self) -> list[Member]:
        """Parameters large enough to be told from chance."""
        return [m for m in self.parameters if m.n >= 64 and not m.few and len(m.held.shape) >= 2]

    @property
    def fresh(self) -> float:
        """Share of the weights that look freshly drawn or are constant; nan without any."""
        weights = self.weights
        return sum(bool(m.law) or m.constant for m in weights) / len(weights) if weights else float("nan")

    def stacks(self) -> Mapping[str, list[Member]]:
        """Members of one shape whose names differ in numbers alone: the layers of a stack."""
        return self.grouped(self.parameters, lambda m: f"{m.held.stack} {m.held.shape} {m.held.dtype}")

    def release(self) -> None:
        """Let go of the model and its tensors; numbers and names stay."""
        self.inventory, self.optimizers = None, ()
        for member in self.members:
            gone = None if member.held.module is None else nn.Module()
            member.held = replace(member.held, module=gone, read=None, stored=None)

    @staticmethod
    def grouped(members: Iterable[Member], key: Callable[[Member], Any]) -> dict[Any, list[Member]]:
        """Members by key, in order."""
        found: dict[Any, list[Member]] = {}
        for member in members:
            found.setdefault(key(member), []).append(member)
        return found
