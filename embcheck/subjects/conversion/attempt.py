"""Run a pitfall: the operation as it is printed, then the safe line as it is printed."""

from __future__ import annotations

import ast
import copy
import subprocess
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from embcheck.subjects.conversion.pitfall import Pitfall

_CRASH_SECONDS = 120
Seen = tuple[str, str, str]
"""Outcome, class of the exception or warning, message."""


@dataclass(frozen=True)
class Attempt:
    """What happened when a row was run."""

    pitfall: Pitfall
    device: str
    """Where the tensor was: ``cpu``, ``cuda:0``, or ``meta`` where that stands in for any other device."""
    dtype: str
    outcome: str
    exception: str = ""
    message: str = ""
    verified: bool = False
    """Whether the safe line ran without a warning and its proof held."""
    verified_on: str = ""
    """The device on which it did: ``cpu`` where `meta`, which has no values, stood in."""
    objection: str = ""
    """Why the safe line does not hold, if it does not."""

    @property
    def as_known(self) -> bool:
        """Whether torch and numpy did what the table says."""
        return self.pitfall.expected.agrees(self.outcome, self.exception, self.message)


def attempt(pitfall: Pitfall, device: torch.device, apart: Callable[[], Seen] | None = None) -> Attempt:
    """Run a row.

    Args:
        pitfall: the row.
        device: the requested device; a row that needs a device off the CPU takes `meta` instead of ``cpu``.
        apart: gives what a fatal row did in a process of its own, if that was started before.

    Raises:
        NotImplementedError: this build of torch lacks what the setup needs.
    """
    place = str(device) if pitfall.off_cpu else "cpu"
    if place == "cpu" and pitfall.off_cpu:
        place = "meta"
    names = _names(place)
    with every_warning():
        run(pitfall.setup, names)
    dtype = _dtype(names.get("x", names.get("a")))
    if pitfall.fatal:
        outcome, exception, message = apart() if apart is not None else in_a_process(pitfall)
    else:
        outcome, exception, message = _operate(pitfall, names)
    where = "cpu" if place == "meta" else place
    objection = _objection(pitfall, where)
    return Attempt(
        pitfall, place, dtype, outcome, exception, message,
        verified=not objection, verified_on="" if objection else where, objection=objection,
    )  # fmt: skip


def run(code: str, names: dict[str, Any]) -> Any:
    """Run lines of Python; the value of the last one if it is an expression.

    Only the package's own table is run, as it is printed: evaluating text is what ties the two together.
    """
    tree = ast.parse(code)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "<pitfall>", "exec"), names)  # noqa: S102
        return None
    exec(compile(ast.Module(tree.body[:-1], []), "<pitfall>", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "<pitfall>", "eval"), names)  # noqa: S307


def _names(device: str) -> dict[str, Any]:
    return {"torch": torch, "np": np, "copy": copy, "device": device}


@contextmanager
def every_warning() -> Iterator[list[warnings.WarningMessage]]:
    """Catch warnings, those too that torch gives once a process."""
    always = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield caught
    finally:
        torch.set_warn_always(always)


def _operate(pitfall: Pitfall, names: dict[str, Any]) -> Seen:
    with every_warning() as caught:
        try:
            names["y"] = run(pitfall.operation, names)
        except Exception as error:  # noqa: BLE001 - which exception it is, is the question
            return "raises", type(error).__name__, str(error)
        told = [(w.category.__name__, str(w.message)) for w in caught]
        try:
            shows = bool(run(pitfall.expected.symptom, names))
        except Exception as error:  # noqa: BLE001 - a symptom that cannot be asked for is not there
            return "works", type(error).__name__, f"the symptom could not be looked for: {error}"
    known = pitfall.expected
    if told:
        category, message = next((t for t in told if known.agrees("warns", *t)), told[0])
        return ("warns" if shows else "warns only"), category, message
    loud = known.outcome in {"raises", "warns", "crashes"}
    return ("works" if loud else known.outcome if shows else "works otherwise"), "", ""


def in_a_process(pitfall: Pitfall) -> Seen:
    """A crash ends the process it happens in, so it gets its own."""
    code = "\n".join(
        ["import copy, warnings, numpy as np, torch", "warnings.simplefilter('ignore')", pitfall.setup,
         f"y = {pitfall.operation}", "print(y)"]
    )  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own table
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=_CRASH_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "hangs", "", f"no answer in {_CRASH_SECONDS} s"
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    if done.returncode == 0:
        return "works", "", done.stdout.strip()
    if done.returncode == 1 and lines and not any("terminate called" in line for line in lines):
        exception, _, message = lines[-1].partition(": ")
        return "raises", exception.rpartition(".")[2], message
    told = next((line for line in lines if "what()" in line), f"the process ended with {done.returncode}")
    return "crashes", "", told.removeprefix("what():").strip()


def _objection(pitfall: Pitfall, device: str) -> str:
    """Why the safe line does not do what the table says, or nothing."""
    names = _names(device)
    with every_warning() as caught:
        try:
            run(pitfall.setup, names)
            caught.clear()
            names["y"] = run(pitfall.safe, names)
            if caught:
                return f"it warns: {caught[0].category.__name__}: {caught[0].message}"
            held = bool(run(pitfall.proof, names))
        except Exception as error:  # noqa: BLE001 - whatever it raises speaks against the line
            return f"{type(error).__name__}: {error}"
    return "" if held else f"{pitfall.proof} is false"


def _dtype(value: Any) -> str:
    dtype = getattr(value, "dtype", None)
    return "" if dtype is None else str(dtype).removeprefix("torch.")
