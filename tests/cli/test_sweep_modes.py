"""Flags of another question are refused, each mode's own are taken."""

from __future__ import annotations

import inspect
import re

import pytest

from embcheck.cli import variance_sweep
from embcheck.cli.sweep_modes import UNHEEDED, check_flags
from embcheck.errors import UsageError


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"--find-gain": True, "--gain": ["2"]}, "--gain would change nothing beside --find-gain"),
        ({"--widths": "8,16,32", "--limit": 2.0}, "--limit would change nothing beside --widths"),
        ({"--widths": "8,16,32", "--find-gain": True}, "--find-gain would change nothing beside --widths"),
        ({"--model": "a:b", "--depth": [3]}, "--depth would change nothing beside --model"),
        ({"--model": "a:b", "--steps": 3}, "--steps is for --widths"),
        ({"--steps": 0}, "--steps is for --widths"),
        ({"--input": "x.pt"}, "--input is for --model"),
    ],
)
def test_what_would_not_be_heeded_is_refused(given: dict[str, object], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        check_flags(given)


@pytest.mark.parametrize(
    "given",
    [
        {"--depth": [3], "--gain": ["2"], "--tokens": 8, "--dtype": ["float64"]},
        {"--widths": "8,16,32", "--steps": 0, "--rate": 0.1, "--seeds": 3, "--depth": [2]},
        {"--find-gain": True, "--depth": [3], "--limit": 2.0, "--architecture": ["conv"]},
        {"--model": "a:b", "--input": "x.pt", "--seeds": 2, "--limit": 3.0, "--plot": "x.png"},
        {"--gain": [], "--bias": None, "--find-gain": False, "--widths": None},
    ],
)
def test_what_is_heeded_is_taken(given: dict[str, object]) -> None:
    check_flags(given)


def test_every_flag_named_here_is_one_of_the_command() -> None:
    """And the command asks about each that some question does not heed."""
    source = inspect.getsource(variance_sweep.variance_sweep)
    declared = set(re.findall(r'typer\.Option\(\s*"(--[a-z-]+)"', source))
    asked = set(re.findall(r'"(--[a-z-]+)": ', source))
    named = {flag for flags in UNHEEDED.values() for flag in flags} | set(UNHEEDED) - {""}
    assert named <= declared
    assert declared - asked <= {"--csv"}
