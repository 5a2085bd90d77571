"""The Python files under a path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PASSED_OVER = frozenset(
    {".git", ".hg", ".tox", ".venv", "venv", "__pycache__", "node_modules", "build", "dist", ".eggs"}
)


def files(paths: Sequence[str | Path]) -> Iterator[Path]:
    """Each `.py` file once, in order; hidden folders, environments and build folders are passed over.

    Raises:
        UsageError: a path does not exist, or there is no Python file under any of them.
    """
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        if not path.exists():
            raise UsageError(f"--source {str(given)!r} does not exist.")
        if path.is_file():
            found[path] = None
            continue
        for file in sorted(path.rglob("*.py")):
            inside = file.relative_to(path).parts[:-1]
            if not any(p in _PASSED_OVER or (p.startswith(".") and p != "..") for p in inside):
                found[file] = None
    if not found:
        raise UsageError(f"There is no Python file under {', '.join(map(str, paths))}.")
    yield from found
