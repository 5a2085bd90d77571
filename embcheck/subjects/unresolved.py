"""What to type instead of a target that names nothing."""

from __future__ import annotations

import pkgutil
import sys
from difflib import get_close_matches
from pathlib import Path

_FORM = "package.module:factory"


def no_target(target: str) -> str:
    """One sentence about a target that is no file, no folder and not of the form ``package.module:factory``."""
    path, _, attribute = target.partition(":")
    if path.endswith(".py"):
        module = _module(path)
        if not Path(path).is_file():
            return f"There is no file {path}; a factory in it would be {module}:{attribute or 'FACTORY'}."
        named = attribute if attribute.isidentifier() else "FACTORY"
        return f"{target!r} is a Python file and no checkpoint: for a model that it builds, give {module}:{named}."
    if all(part.isidentifier() for part in target.split(".")):
        if _is_module(target):
            return f"{target!r} is a module: name what builds the model in it, as in {target}:build."
        module, _, last = target.rpartition(".")
        if module and _is_module(module):
            return f"{target!r} is neither a file nor of the form {_FORM}: did you mean {module}:{last}?"
    return f"{target!r} is neither a file or folder nor of the form {_FORM}."


def _module(path: str) -> str:
    """The dotted name of a Python file, as seen from the working directory."""
    where = Path(path)
    if where.is_absolute() and where.is_relative_to(Path.cwd()):
        where = where.relative_to(Path.cwd())
    return ".".join(part for part in where.with_suffix("").parts if part not in {".", "/", where.anchor})


def _is_module(name: str) -> bool:
    """Whether the working directory has it; nothing is imported."""
    path = Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def near_module(missing: str) -> str:
    """The module that a mistyped name probably meant, among those beside it; "" for none."""
    parent, _, last = missing.rpartition(".")
    folders = getattr(sys.modules.get(parent), "__path__", None) if parent else [str(Path.cwd())]
    beside = [found.name for found in pkgutil.iter_modules(folders)] if folders else []
    near = get_close_matches(last, beside, 1)
    return f"{parent}.{near[0]}" if near and parent else near[0] if near else ""
