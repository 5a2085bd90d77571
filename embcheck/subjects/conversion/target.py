"""The user's target of `embcheck conversions`: whatever holds tensors or arrays, or a function that converts them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.conversion.aliases import memory
from embcheck.subjects.conversion.attempt import every_warning
from embcheck.subjects.conversion.border import crossings, items, plain_object
from embcheck.subjects.conversion.called import hand_on, raised, warned
from embcheck.subjects.conversion.converter import Trial, converter, is_converter
from embcheck.subjects.files.checkpoint import open_checkpoint
from embcheck.subjects.inventory.census import Census, Member
from embcheck.subjects.inventory.held import from_model, from_tensors
from embcheck.subjects.inventory.model import inventory
from embcheck.subjects.running.factory import build
from embcheck.subjects.running.user_code import first_line
from embcheck.subjects.subject import Subject
from embcheck.subjects.target import imported, names_code, resolve, source_of

if TYPE_CHECKING:
    import warnings

    from embcheck.results import Location

_ARRAYS = frozenset({".npy", ".npz"})


@dataclass(frozen=True)
class Found:
    """A target, built or read."""

    name: str
    value: Any
    location: Location | None = None
    unread: tuple[str, ...] = ()
    """Tensors of a checkpoint that cannot be read, with the reason."""
    calls: tuple[Trial, ...] = ()
    """What calling a function without arguments raised, or warned of, at the border."""


def find(target: Any, kwargs: Mapping[str, Any] | None = None, seed: int = 0) -> Found:
    """Build or read the target.

    Args:
        target: a tensor, array, module, mapping or sequence of these; a function of one tensor or array; a factory
            (what it raises or warns of at the border is its outcome); ``"package.module:name"`` of any of these; a path
            to a checkpoint, ``.npy`` or ``.npz``.
        kwargs: keyword arguments for a factory.
        seed: a factory is called with every random state set to it.

    Raises:
        UsageError: it is none of these, or cannot be built or read.
    """
    if isinstance(target, str) and names_code(target):
        named = imported(target)
        if not kwargs and (is_converter(named) or not callable(named) or isinstance(named, nn.Module)):
            return _given(named, target)
        return _built(resolve(target, kwargs).factory, target, seed, source_of(named))
    if isinstance(target, (str, Path)):
        if not str(target):
            raise UsageError("An empty target names nothing: give package.module:name or a file.")
        if kwargs:
            raise UsageError("Keyword arguments are for a factory; a path takes none.")
        return _read(Path(target))
    if kwargs or (callable(target) and not isinstance(target, nn.Module) and not is_converter(target)):
        resolved = resolve(target, kwargs)
        return _built(resolved.factory, resolved.name, seed, resolved.location)
    return _given(target, getattr(target, "__qualname__", "") or type(target).__name__)


def subjects(found: Found, device: torch.device) -> Iterator[Subject]:
    """What the rules look at in a target.

    Raises:
        UsageError: there is no tensor and no array in it, and it is no function of one.
    """
    value = found.value
    if found.calls:
        yield _placed(Subject(found.name, "converter", found.calls), found)
        if any(trial.exception for trial in found.calls):
            return
    if is_converter(value) and not isinstance(value, (Mapping, Sequence, np.ndarray, torch.Tensor)):
        yield _placed(converter(value, device, found.name), found)
        return
    held = list(items(value, expression=_called(value)))
    if not held and not found.calls:
        raise UsageError(
            f"{found.name} holds no tensor and no array: give a tensor, an array, a model, a mapping of them, a "
            "checkpoint, or a function of one tensor or array."
        )
    if isinstance(value, (list, tuple)) and len(value) > 1 and all(isinstance(a, np.ndarray) for a in value):
        yield _placed(_listed(value), found)
    for subject in crossings(held):
        yield _placed(subject, found)
    for name, model in _modules(value):
        yield _placed(memory(model, None if model is value else value, name or found.name), found)
        yield _placed(_dtypes(from_model(inventory(model)), name), found)
    if isinstance(value, Mapping) and all(isinstance(v, torch.Tensor) for v in value.values()):
        yield _placed(_dtypes(from_tensors({str(k): v for k, v in value.items()}), ""), found)


def _listed(arrays: Sequence[np.ndarray[Any, Any]]) -> Subject:
    """A list of arrays, with what torch warns of when it takes the first two as they are."""
    with every_warning() as caught:
        try:
            torch.tensor([a.reshape(-1)[:1] for a in arrays[:2]])
        except (TypeError, ValueError, RuntimeError):
            caught.clear()  # a dtype that torch lacks: another rule's
    told = next((str(w.message).partition(".")[0] for w in caught if "slow" in str(w.message)), "")
    return Subject("arrays", "list of arrays", arrays, facts={"warning": told})


def _called(value: Any) -> str:
    """What the line to write calls the target."""
    return "model" if isinstance(value, nn.Module) else "state" if isinstance(value, Mapping) else "x"


def _placed(subject: Subject, found: Found) -> Subject:
    subject.location = found.location
    return subject


def _given(value: Any, name: str) -> Found:
    where = source_of(type(value)) if isinstance(value, nn.Module) else source_of(value) if callable(value) else None
    return Found(name, value, where)


def _built(factory: Any, name: str, seed: int, location: Location | None) -> Found:
    if factory is None:
        raise UsageError(f"{name} is no factory.")
    results: list[Any] = []
    calls: list[Trial] = []

    def keep() -> Any:
        caught: list[warnings.WarningMessage] = []
        try:
            with every_warning() as caught:
                results.append(factory())
        except Exception as error:
            if (trial := raised(error)) is None:
                raise
            results.append(None)
            calls.append(trial)
        finally:
            hand_on(caught)
        if not calls and (trial := warned(caught)) is not None:
            calls.append(trial)
        return {"built": torch.zeros(())}  # `build` takes care of seeds, prints and exits; any result is allowed here

    build(keep, seed, name)
    return Found(name, results[-1], location, calls=tuple(calls))


def _read(path: Path) -> Found:
    if path.suffix in _ARRAYS:
        return Found(str(path), _arrays(path))
    if not path.exists():
        raise UsageError(f"{str(path)!r} is neither a file or folder nor of the form package.module:name.")
    stored = open_checkpoint(path)
    # one tensor of each dtype is enough where reading costs memory; a mapped file costs none
    wanted, seen = [], set()
    for s in stored:
        if s.read is not None and (s.mapped or s.dtype not in seen):
            wanted.append(s)
            seen.add(s.dtype)
    value = {s.name: s.read() for s in wanted if s.read is not None}
    unread = tuple(f"{s.name} ({s.reason or 'unknown dtype'})" for s in stored if s.read is None)
    if not value:
        raise UsageError(f"{path} holds no tensor that torch can read: {unread[0] if unread else 'it is empty'}.")
    return Found(str(path), value, unread=unread)


def _arrays(path: Path) -> Any:
    try:
        loaded = np.load(path, allow_pickle=False, mmap_mode="c" if path.suffix == ".npy" else None)
        return loaded if isinstance(loaded, np.ndarray) else {name: loaded[name] for name in loaded.files}
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist.") from error
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(f"{path} cannot be read as arrays without running code: {first_line(error)}") from error


def _modules(value: Any) -> Iterator[tuple[str, nn.Module]]:
    if isinstance(value, nn.Module):
        yield "", value
        return
    inside = value if isinstance(value, Mapping) else plain_object(value)
    for key, inner in inside.items() if inside is not None else ():
        if isinstance(inner, nn.Module):
            yield str(key), inner


def _dtypes(held: list[Any], name: str) -> Subject:
    """The model as the rule on mixed dtypes looks at it: names, kinds and dtypes, no values."""
    unseen = math.nan
    members = [Member(h, h.numel, unseen, unseen, unseen, unseen, 0, 0, 0) for h in held]
    return Subject(name, "model", Census(members))
