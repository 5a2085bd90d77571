"""Flags of another question are refused, each mode's own are taken."""

from __future__ import annotations

import inspect
import re

import pytest

from embcheck.cli import variance_sweep
from embcheck.cli.sweep_modes import UNHEEDED, answer, check_flags
from embcheck.errors import UsageError
from embcheck.settings import Settings


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (["find_gain", "gain"], "--gain would change nothing beside --find-gain"),
        (["widths", "limit"], "--limit would change nothing beside --widths"),
        (["widths", "find_gain"], "--find-gain would change nothing beside --widths"),
        (["model", "depth"], "--depth would change nothing beside --model"),
        (["model", "steps"], "--steps is for --widths"),
        (["steps"], "--steps is for --widths"),
        (["input"], "--input is for --model"),
    ],
)
def test_what_would_not_be_heeded_is_refused(given: list[str], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        check_flags(given)


@pytest.mark.parametrize(
    "given",
    [
        ["depth", "gain", "tokens", "dtype"],
        ["widths", "steps", "rate", "seeds", "depth"],
        ["find_gain", "depth", "limit", "architecture"],
        ["model", "input", "seeds", "limit", "plot"],
        [],
    ],
)
def test_what_is_heeded_is_taken(given: list[str]) -> None:
    check_flags(given)


def test_a_flag_of_a_sweep_is_given_once_elsewhere() -> None:
    ask = answer({"widths": "8,16,32", "depth": [2, 3]}, Settings())
    with pytest.raises(UsageError, match="--depth can be given once only beside --widths"):
        ask()


def test_every_flag_named_here_is_one_of_the_command() -> None:
    """And the command asks about each that some question does not heed."""
    source = inspect.getsource(variance_sweep.variance_sweep)
    declared = set(re.findall(r'typer\.Option\(\s*"(--[a-z-]+)"', source))
    asked = {f"--{name.replace('_', '-')}" for name in re.findall(r'"([a-z_]+)": ', source)}
    named = {flag for flags in UNHEEDED.values() for flag in flags} | set(UNHEEDED) - {""}
    assert named <= declared
    assert declared - asked <= {"--csv"}
