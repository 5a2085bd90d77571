"""What TARGET means: a module, a factory, ``package.module:factory``, a mapping of tensors, or a path."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.results import Location

if TYPE_CHECKING:
    from collections.abc import Iterator


_DEPTH = 6


@dataclass(frozen=True)
class Target:
    """A target, recognised and not yet built or read. Exactly one of the last four is set."""

    name: str
    """As a user would type it, or the class of the object."""
    location: Location | None = None
    module: nn.Module | None = None
    factory: Callable[[], Any] | None = None
    tensors: Mapping[str, torch.Tensor] | None = None
    path: Path | None = None


def resolve(target: Any, kwargs: Mapping[str, Any] | None = None) -> Target:
    """Recognise a target.

    Args:
        target: an `nn.Module`; a callable without arguments; ``"package.module:factory"`` (the working directory is
            importable); a mapping of names to tensors; a path to a checkpoint.
        kwargs: keyword arguments for the factory.

    Raises:
        UsageError: it is none of these, or it cannot be imported.
    """
    if kwargs and (
        isinstance(target, (nn.Module, Mapping)) or (isinstance(target, (str, Path)) and not names_code(target))
    ):
        raise UsageError("Keyword arguments are for a factory; this target takes none.")
    if isinstance(target, nn.Module):
        return Target(type(target).__name__, source_of(type(target)), module=target)
    if isinstance(target, torch.Tensor):
        return Target("tensor", tensors={"tensor": target})
    if isinstance(target, Mapping):
        return Target("mapping", tensors=_checked(target))
    if isinstance(target, str) and names_code(target):
        factory = imported(target)
        if isinstance(factory, nn.Module):
            return Target(target, source_of(type(factory)), module=factory)
        if isinstance(factory, Mapping):
            return Target(target, tensors=_checked(factory))
        return Target(target, source_of(factory), factory=_bound(factory, kwargs, target))
    if isinstance(target, (str, Path)):
        path = Path(target)
        if not str(target) or not path.exists():
            raise UsageError(
                f"{str(target)!r} is neither a file or folder nor of the form package.module:factory."
                if str(target)
                else "An empty target names nothing: give package.module:factory or a checkpoint."
            )
        return Target(str(target), path=path)
    if callable(target):
        name = getattr(target, "__qualname__", type(target).__name__)
        return Target(name, source_of(target), factory=_bound(target, kwargs, name))
    raise UsageError(
        f"A target is an nn.Module, a factory, 'package.module:factory', a mapping of tensors or a path, "
        f"not {type(target).__name__}."
    )


def names_code(target: str | Path) -> bool:
    """``a.b:c`` with identifiers around the colon; a Windows drive or a file that exists is a path."""
    if not isinstance(target, str) or ":" not in target or Path(target).exists():
        return False
    module, _, attribute = target.partition(":")
    return all(p.isidentifier() for p in [*module.split("."), *attribute.split(".")]) and len(module) > 1


def _checked(tensors: Mapping[Any, Any]) -> dict[str, torch.Tensor]:
    found = named_tensors(tensors)
    if not found:
        hint = "look at one of them, or at nn.ModuleDict(...)" if _holds_modules(tensors) else "give a state dict"
        raise UsageError(f"The mapping holds no tensors: {hint}.")
    return found


def _holds_modules(tensors: Mapping[Any, Any]) -> bool:
    return any(isinstance(value, nn.Module) for value in tensors.values())


def named_tensors(tensors: Mapping[Any, Any], prefix: str = "", depth: int = 0) -> dict[str, torch.Tensor]:
    """The tensors of a mapping, nested ones by dotted names; keys that are no strings, or spell alike, are told apart.

    Mappings below the sixth level are not looked into: a mapping may contain itself.
    """
    found: dict[str, torch.Tensor] = {}
    for key, value in tensors.items():
        name = f"{prefix}{key}"
        if isinstance(value, torch.Tensor):
            found[name if name not in found else f"{prefix}{key!r}"] = value
        elif isinstance(value, Mapping) and depth < _DEPTH:
            found.update(named_tensors(value, f"{name}.", depth + 1))
    return found


def _bound(factory: Any, kwargs: Mapping[str, Any] | None, name: str) -> Callable[[], Any]:
    if not callable(factory):
        raise UsageError(f"{name} is a {type(factory).__name__}, not a factory: name a function or a class.")
    given = dict(kwargs or {})
    try:
        inspect.signature(factory).bind(**given)
    except TypeError as error:
        raise UsageError(f"{name} cannot be called with these arguments ({error}): pass them with --kwargs.") from error
    except ValueError:
        pass  # a builtin without a signature
    return lambda: factory(**given)


@contextlib.contextmanager
def importable() -> Iterator[None]:
    """The working directory can be imported from, as `python -m` has it, and what is printed goes to stderr."""
    here = str(Path.cwd())
    added = here not in sys.path and "" not in sys.path
    if added:
        sys.path.insert(0, here)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        if added and here in sys.path:
            sys.path.remove(here)


def imported(target: str) -> Any:
    """What ``package.module:attribute`` names.

    Raises:
        UsageError: it cannot be imported, or there is no such attribute.
    """
    module_name, _, attribute = target.partition(":")
    importlib.invalidate_caches()
    with importable():
        try:
            found: Any = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            missing = error.name or module_name
            raise UsageError(
                f"Cannot import {module_name!r}: there is no module {missing!r} in {Path.cwd()} or the environment."
            ) from error
        except SystemExit as error:
            raise UsageError(
                f"Importing {module_name!r} called sys.exit({error.code!r}): guard its script part."
            ) from error
        except Exception as error:
            raise UsageError(f"Importing {module_name!r} raised {type(error).__name__}: {first_line(error)}") from error
        for part in attribute.split("."):
            try:
                found = getattr(found, part)
            except AttributeError as error:  # noqa: PERF203 - two names, not a million
                near = get_close_matches(part, dir(found), 1)
                hint = f": did you mean {near[0]!r}?" if near else "."
                raise UsageError(f"{module_name!r} has no {attribute!r}{hint}") from error
    return found


def first_line(error: BaseException) -> str:
    """The first line of an error's message, as the end of a sentence."""
    line = (str(error).strip().splitlines() or ["no message"])[0][:300]
    return line if line.endswith(".") else line + "."


def source_of(what: Any) -> Location | None:
    """The line that defines a class or function, if it can be found."""
    try:
        what = inspect.unwrap(what) if callable(what) else what
        path = inspect.getsourcefile(what)
        line = inspect.getsourcelines(what)[1]
    except (TypeError, OSError):
        return None
    return Location(path, max(line, 1)) if path else None
