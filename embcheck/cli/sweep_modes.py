"""`variance-sweep` answers four questions; each heeds its own flags, and none is taken without being heeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPER = (
    "--depth", "--width", "--init", "--activation", "--gain", "--bias", "--architecture", "--input-std", "--tokens",
)  # fmt: skip
SCAN = ("--steps", "--optimizer", "--rate", "--parametrization")
UNHEEDED: dict[str, tuple[str, ...]] = {
    "--model": (*PAPER, *SCAN, "--backward", "--theory", "--widths", "--find-gain"),
    "--widths": (
        "--width", "--gain", "--architecture", "--input-std", "--tokens", "--limit", "--backward", "--theory",
        "--plot", "--find-gain", "--kwargs", "--input",
    ),
    "--find-gain": (
        "--gain", "--tokens", "--seeds", "--dtype", "--backward", "--theory", "--plot", *SCAN, "--kwargs", "--input",
    ),
    "": (*SCAN, "--kwargs", "--input"),
}  # fmt: skip
"""By the flag that asks the question; none is the sweep over networks on paper."""
WHOSE = {**dict.fromkeys(SCAN, "--widths"), "--kwargs": "--model", "--input": "--model"}


def check_flags(given: Mapping[str, object]) -> None:
    """Refuse what the question asked would not heed.

    Args:
        given: every flag of the command with its value; None, empty or False where it was not given.

    Raises:
        UsageError: a flag of another question.
    """
    typed = [flag for flag, value in given.items() if value is not None and value is not False and value != []]
    mode = next((m for m in UNHEEDED if m in typed), "")
    for flag in typed:
        if flag in UNHEEDED[mode]:
            if flag in WHOSE and WHOSE[flag] != mode:
                raise UsageError(f"{flag} is for {WHOSE[flag]}: give that too, or leave {flag} out.")
            raise UsageError(f"{flag} would change nothing beside {mode}: leave one of them out.")
