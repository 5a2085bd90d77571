"""Where an outcome is shown in a repository: a relative posix path and a line, for formats that insist on one."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from embcheck.results import Location

if TYPE_CHECKING:
    from embcheck.results import Outcome

ANYWHERE = Location("pyproject.toml", 1)
"""Where outcomes about no file of the working tree are shown: one without a place would be refused on upload."""


def from_here(location: Location) -> Location:
    """The location with its path relative to the working directory, if it lies in it: the same on every machine."""
    path = Path(location.path)
    if not path.is_absolute():
        return location
    try:
        return Location(path.relative_to(Path.cwd()).as_posix(), location.line)
    except (ValueError, OSError):
        return location


def in_tree(outcome: Outcome, root: Path | None = None) -> Location:
    """The outcome's location relative to `root` (the working directory), or `ANYWHERE` if it lies outside."""
    if outcome.location is None:
        return ANYWHERE
    path = outcome.location.path
    if "\x00" in path or not path:
        return ANYWHERE
    base = (root or Path.cwd()).resolve()
    native = Path(path.replace("\\", "/")) if "\\" in path and not Path(path).exists() else Path(path)
    try:
        relative = (base / native).resolve().relative_to(base)
    except (ValueError, OSError, RuntimeError):  # outside, too long, or a loop of links
        return ANYWHERE
    posix = str(PurePosixPath(*relative.parts))
    return ANYWHERE if posix == "." else Location(posix, max(1, outcome.location.line))
