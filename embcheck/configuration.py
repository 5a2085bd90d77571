"""Where settings come from besides flags: `[tool.embcheck]` of the nearest pyproject.toml, and EMBCHECK_* variables."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "EMBCHECK_"


def find(directory: Path) -> Path | None:
    """The nearest pyproject.toml at or above `directory` that has a table [tool.embcheck]."""
    for folder in (directory, *directory.parents):
        path = folder / "pyproject.toml"
        try:
            # a file that cannot hold the table need not be parsed, nor be valid
            if path.is_file() and b"embcheck" in path.read_bytes() and table(path) is not None:
                return path
        except OSError:
            continue
    return None


def table(path: Path) -> Mapping[str, Any] | None:
    """The table [tool.embcheck] of a TOML file, or None if there is none.

    Raises:
        UsageError: the file cannot be read, is not TOML, or `tool.embcheck` is not a table.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot read the configuration {path}: {error.strerror or error}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from None
    tool = data.get("tool", {})
    found = tool.get("embcheck") if isinstance(tool, dict) else None
    if found is not None and not isinstance(found, dict):
        raise UsageError(f"tool.embcheck in {path} must be a table: write [tool.embcheck].")
    return found


def read(config: str | None, directory: Path) -> tuple[str, Mapping[str, Any]]:
    """The configuration's path (empty if there is none) and its table.

    Raises:
        UsageError: `config` names a file without the table, or one that cannot be read.
    """
    if config is not None:
        found = table(Path(config))
        if found is None:
            raise UsageError(f"{config} has no table [tool.embcheck]: add one or leave --config out.")
        return config, found
    path = find(directory)
    return (str(path), table(path) or {}) if path else ("", {})


def variables(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """EMBCHECK_FAIL_ON=warning as {"fail-on": "warning"}; an empty variable counts as unset."""
    source = os.environ if environ is None else environ
    return {
        key[len(PREFIX) :].lower().replace("_", "-"): value
        for key, value in source.items()
        if key.startswith(PREFIX) and value
    }
