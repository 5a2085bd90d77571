"""A promise: what the documentation says, and what was measured."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GROUP = "embedding promises"


@dataclass(frozen=True)
class Promise:
    """One measurement beside what the documentation says it is."""

    rule: str
    says: str
    """What the documentation says, as a sentence."""
    measured: float
    expected: float
    allowed: float = 0.0
    seen: str = ""
    """What happened, in words, where a number says too little."""
    known: str = ""
    """What torch is known to do instead; empty where it is known to keep the promise."""
    fix: str = ""


@dataclass(frozen=True)
class Place:
    """Where and with what the experiments run."""

    device: torch.device
    dtype: torch.dtype
    seed: int
    rule: str = ""
    """The rule whose promises are run."""

    def about(self, rule: str) -> Place:
        """The same place, for the promises of a rule."""
        return replace(self, rule=rule)

    def table(self, *rows: tuple[float, ...]) -> torch.Tensor:
        """A weight with these rows."""
        return torch.tensor(rows, device=self.device, dtype=self.dtype)

    def ids(self, values: Any, dtype: torch.dtype = torch.int64) -> torch.Tensor:
        """Ids on the device."""
        return torch.tensor(values, device=self.device, dtype=dtype)

    @property
    def eps(self) -> float:
        """Spacing of the dtype at 1: the rounding that one operation may add, relatively."""
        return float(torch.finfo(self.dtype).eps)

    def subject(self, name: str, make: Callable[[], Promise]) -> Iterator[Subject]:
        """The promise, or the reason why it cannot be asked here."""
        value: Promise | str
        try:
            with torch.enable_grad(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what is deprecated in torch's own code is not the user's to read
                value = make()
        except NotImplementedError as error:
            value = " ".join(str(error).split())[:200]
        except Exception as error:  # noqa: BLE001 - whatever a backend lacks, the other promises are still asked
            value = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        yield Subject(
            name,
            "promise",
            value,
            group=GROUP,
            role=self.rule,
            dtype=str(self.dtype).removeprefix("torch."),
            device=str(self.device),
            facts={"failed": isinstance(value, str)},
        )


def outcome_of(action: Callable[[], Any]) -> str:
    """``works``, or the class and message of what it raises."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - which one is the question
        return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
    return "works"


def refuses(rule: str, says: str, action: Callable[[], Any], *, known: str = "", fix: str = "") -> Promise:
    """A promise that something raises: measured is 1 if it does."""
    seen = outcome_of(action)
    return Promise(rule, says, float(seen != "works"), 1.0, seen=seen, known=known, fix=fix)


def accepts(rule: str, says: str, action: Callable[[], Any], *, known: str = "", fix: str = "") -> Promise:
    """A promise that something works: measured is 1 if it does."""
    seen = outcome_of(action)
    return Promise(rule, says, float(seen == "works"), 1.0, seen=seen, known=known, fix=fix)
