"""What identification answers: candidates, best first, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from embcheck.laws.law import Law


@dataclass(frozen=True)
class Candidate:
    """A law that a tensor may have been drawn from."""

    law: Law
    p_value: float = 1.0
    """Of the test of fit (`goodness`), corrected for its number of questions; 1 for an exact law that holds."""
    d: float = 0.0
    """Kolmogorov-Smirnov distance at the points that were looked at: at most the exact one, and within 0.003 of it."""
    score: float = 0.0
    """Log-likelihood minus cost, beside the best candidate's: 0 for the best, -5 for one e^5 times less plausible."""
    fitted: bool = False
    """A parameter was read off the values: the family is known, the constant is nobody's."""
    aliases: tuple[str, ...] = ()
    """Other ways to write the same law for this shape."""
    layout: str = ""
    """The order of dimensions under which the initializer gives this law, if it is not torch's."""
    blocks: int = 1
    """Fused weights that each follow the law."""
    zero_rows: int = 0
    """Rows that are exactly zero, beside a padding row that the law names."""
    cost: float = 0.0
    """How rare the name is among initializers: minus the logarithm of its prior weight (`proposals`)."""

    def __str__(self) -> str:
        """The law as a user types it, and what belongs beside it."""
        beside = [f"layout {self.layout}"] * bool(self.layout) + [f"{self.blocks} blocks"] * (self.blocks > 1)
        beside += [f"{self.zero_rows} rows zero"] * bool(self.zero_rows) + ["fitted"] * self.fitted
        return f"{self.law} ({', '.join(beside)})" if beside else str(self.law)


@dataclass(frozen=True)
class Identification(Sequence[Candidate]):
    """Candidates that cannot be ruled out, best first; empty where none fits."""

    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    """Why nothing fits, or why there was nothing to look at."""

    @property
    def name(self) -> str:
        """The best candidate, or ``none of these (trained?)``."""
        return str(self.candidates[0]) if self.candidates else "none of these (trained?)"

    @property
    def fresh(self) -> bool:
        """Whether the tensor is what a known initializer leaves: not a fitted constant, not trained."""
        return bool(self.candidates) and not self.candidates[0].fitted

    @property
    def ties(self) -> tuple[str, ...]:
        """Names that this many elements cannot tell from the best: equal laws, and other candidates."""
        if not self.candidates:
            return ()
        return (*self.candidates[0].aliases, *(str(c) for c in self.candidates[1:]))

    def __str__(self) -> str:
        return self.name if self.candidates else f"{self.name}: {self.reason}"

    def __len__(self) -> int:
        return len(self.candidates)

    @overload
    def __getitem__(self, index: int) -> Candidate: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Candidate]: ...
    def __getitem__(self, index: int | slice) -> Candidate | Sequence[Candidate]:
        return self.candidates[index]
