"""The only holder of a tensor: what is looked at, and what it should be."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from embcheck.laws.law import Law
    from embcheck.results import Location
    from embcheck.stats.summary import Summary


@dataclass(eq=False)
class Subject:
    """Something to ask questions about.

    `kind` says what `value` is, and a check names the kinds it can look at:

    * ``"tensor"``: `value` is one torch.Tensor; most checks.
    * ``"module"``: `value` is a live `nn.Module` (one layer, with its parameters).
    * ``"model"``: `value` is a whole model with its inventory.
    * others (``"lookup"``, ``"draws"``, ``"conversion"``, ...): an experiment; `value` and `facts` hold what it gave.
    """

    name: str
    kind: str
    value: Any
    law: Law | None = None
    """What it should be drawn from; None where nothing is promised or declared."""
    group: str = ""
    """The heading of the table it is listed under."""
    role: str = ""
    """What it is to its module: ``weight``, ``bias``, ``buffer``, ``embedding``, ..."""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    device: str = ""
    module: str = ""
    """Class name of the module that owns it."""
    location: Location | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else a check must know: padding_idx, gain, the seed, the given values, ..."""

    @cached_property
    def summary(self) -> Summary:
        """The one pass over the tensor; every check shares it."""
        from embcheck.stats.summary import summarize  # not every subject is a tensor, and torch takes a second

        return summarize(self.value)
