"""One row of the table of pitfalls: code that goes wrong, what is then seen, and the line to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import torch


def _version(text: str) -> tuple[int, int]:
    major, minor = re.findall(r"\d+", text)[:2]
    return int(major), int(minor)


NUMPY = _version(np.__version__)
TORCH = _version(torch.__version__)


@dataclass(frozen=True)
class Expected:
    """What one operation is known to do."""

    outcome: str
    """``raises``, ``warns``, ``crashes`` (the process), ``works``, or the word for what is silently otherwise than
    one thinks: ``shares``, ``copies``, ``widens``, ``wrong value``, ``no gradient``, ``lost``."""
    exception: str = ""
    """Class of the exception or warning, or several joined by ``|``."""
    message: str = ""
    """A part of its message."""
    symptom: str = "True"
    """An expression that is true if and only if the operation did this; `y` is what the operation gave."""
    known: bool = True
    """Whether it is known at all for these versions of torch and numpy."""

    def agrees(self, outcome: str, exception: str, message: str) -> bool:
        """Whether what was seen is what is known."""
        named = not self.exception or exception in self.exception.split("|")
        return outcome == self.outcome and named and self.message.lower() in message.lower()


def raises(exception: str, message: str = "", *, known: bool = True) -> Expected:
    """The operation raises."""
    return Expected("raises", exception, message, known=known)


def warns(exception: str, message: str = "", symptom: str = "True", *, known: bool = True) -> Expected:
    """The operation warns, and does what the symptom says."""
    return Expected("warns", exception, message, symptom, known)


def silently(outcome: str, symptom: str, *, known: bool = True) -> Expected:
    """The operation says nothing and does what the symptom says."""
    return Expected(outcome, symptom=symptom, known=known)


def works(symptom: str = "True") -> Expected:
    """The operation does what one thinks; listed because one may fear that it does not."""
    return Expected("works", symptom=symptom)


UNKNOWN = Expected("", known=False)
CRASHES = Expected("crashes")


@dataclass(frozen=True)
class Pitfall:
    """A row. Every piece of code is run as it is printed, so the table cannot say what does not happen.

    `setup`, `operation` and `safe` are Python; the names torch, np, copy and `device` are there. `proof` is an
    expression over what `safe` gave (`y`) that must be true: the values, and the gradient where one is at stake.
    """

    rule: str
    source: str
    setup: str
    operation: str
    expected: Expected
    why: str
    safe: str
    proof: str
    off_cpu: bool = False
    """True if `device` must be another device than the CPU; elsewhere `device` is not used."""
    meta: bool = True
    """False where `meta` cannot stand in for another device, because it does something else."""
    needs: str = ""
    """An expression without which this torch or numpy has no such thing (a dtype, say)."""
    fatal: bool = False
    """True if the operation may end the process: it is run in one of its own."""

    @property
    def name(self) -> str:
        """What identifies the row: source and operation."""
        return f"{self.source}: {self.operation}"
