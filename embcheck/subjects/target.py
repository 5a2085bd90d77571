"""What TARGET means: a module, a factory, ``package.module:factory``, a mapping of tensors, or a path."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.results import Location
from embcheck.subjects.running.user_code import importable, parsing, told
from embcheck.subjects.unresolved import near_module, no_target

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
    if isinstance(target, str) and names_code(target):
        found = _of_object(imported(target), kwargs, target)
    elif isinstance(target, (str, Path)):
        found = _of_path(target)
    elif callable(target) or isinstance(target, (nn.Module, torch.Tensor, Mapping)):
        found = _of_object(target, kwargs)
    else:
        raise UsageError(
            f"A target is an nn.Module, a factory, 'package.module:factory', a mapping of tensors or a path, "
            f"not {type(target).__name__}."
        )
    if kwargs and found.factory is None:
        raise UsageError("Keyword arguments are for a factory; this target takes none.")
    return found


def _of_object(value: Any, kwargs: Mapping[str, Any] | None, name: str = "") -> Target:
    """A module, a tensor, a mapping, or else a factory; `name` is what it was imported by."""
    if isinstance(value, nn.Module):
        return Target(name or type(value).__name__, source_of(type(value)), module=value)
    if isinstance(value, torch.Tensor):
        return Target(name or "tensor", tensors={"tensor": value})
    if isinstance(value, Mapping):
        return Target(name or "mapping", tensors=_checked(value))
    name = name or getattr(value, "__qualname__", type(value).__name__)
    return Target(name, source_of(value), factory=_bound(value, kwargs, name))


def _of_path(target: str | Path) -> Target:
    path = Path(target)
    if not str(target):
        raise UsageError("An empty target names nothing: give package.module:factory or a checkpoint.")
    if not path.exists() or path.suffix == ".py":
        raise UsageError(no_target(str(target)))
    return Target(str(target), path=path)


def names_code(target: str | Path) -> bool:
    """``a.b:c`` with identifiers around the colon; a Windows drive or a file that exists is a path."""
    if not isinstance(target, str) or ":" not in target or Path(target).exists():
        return False
    module, _, attribute = target.partition(":")
    if Path(module).is_file():  # `net.py:make`: its module is meant, and that is said
        return False
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
        kind = "None" if factory is None else described(factory)
        raise UsageError(f"{name} is {kind}, not a factory: name a function or a class.")
    given = dict(kwargs or {})
    try:
        inspect.signature(factory).bind(**given)
    except TypeError as error:
        if next(iter(inspect.signature(factory).parameters), "") == "self" and inspect.isfunction(factory):
            raise UsageError(f"{name} is a method of an object: name a function, a class or a classmethod.") from error
        raise UsageError(f"{name} cannot be called with these arguments ({error}): pass them with --kwargs.") from error
    except ValueError:
        pass  # a builtin without a signature
    return lambda: factory(**given)


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
            near = near_module(missing) if missing in {module_name, *_parents(module_name)} else ""
            hint = f": did you mean {near!r}?" if near else "."
            raise UsageError(
                f"Cannot import {module_name!r}: there is no module {missing!r} in {Path.cwd()} or the environment"
                f"{hint}"
            ) from error
        except SystemExit as error:
            raise UsageError(
                f"Importing {module_name!r} called sys.exit({error.code!r}){parsing(error)}: guard its script part "
                'with `if __name__ == "__main__":`.'
            ) from error
        except Exception as error:
            raise UsageError(f"Importing {module_name!r} raised {told(error)}") from error
        for part in attribute.split("."):
            try:
                found = getattr(found, part)
            except AttributeError as error:  # noqa: PERF203 - two names, not a million
                raise UsageError(f"{module_name!r} has no {attribute!r}{_instead(found, part)}") from error
    return found


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _instead(holder: Any, wanted: str) -> str:
    """What else there is: the nearest name, or the functions and classes that the module itself defines."""
    own = [
        name for name, value in vars(holder).items()
        if not name.startswith("_") and callable(value) and getattr(value, "__module__", "") == holder.__name__
    ] if inspect.ismodule(holder) else []  # fmt: skip
    near = get_close_matches(wanted, own or dir(holder), 1)
    if near:
        return f": did you mean {near[0]!r}?"
    return f": it has {', '.join(own[:6])}{' and others' if len(own) > 6 else ''}." if own else "."


def described(value: object) -> str:
    """``an int``, ``a Linear``."""
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"


def source_of(what: Any) -> Location | None:
    """The line that defines a class or function, if it can be found."""
    try:
        what = inspect.unwrap(what) if callable(what) else what
        path = inspect.getsourcefile(what)
        line = inspect.getsourcelines(what)[1]
    except (TypeError, OSError):
        return None
    return Location(path, max(line, 1)) if path else None
