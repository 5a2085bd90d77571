"""Building a model from a factory: seeded, with what it prints on stderr, and one sentence where it fails."""

from __future__ import annotations

import contextlib
import os
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.user_code import first_line, importable, parsing, told
from embcheck.subjects.state import autocast_kept
from embcheck.subjects.target import described, named_tensors

Built = nn.Module | Mapping[str, torch.Tensor]


def build(factory: Callable[[], Any], seed: int, name: str = "The factory") -> Built:
    """Call a factory with every random state seeded; what it prints goes to stderr.

    Args:
        factory: gives an `nn.Module`, a mapping of names to tensors, a tensor, or a tuple that starts with one of them.
        seed: of Python, numpy and torch.
        name: what to call it when it fails.

    Raises:
        UsageError: it raised, called `sys.exit`, recursed without end, or returned neither a module nor tensors.
    """
    process = os.getpid()
    _seed(seed)
    try:
        with importable(), autocast_kept(), _stdout_to_stderr():
            built = factory()
    except (UsageError, KeyboardInterrupt):
        _leave_if_forked(process)
        raise
    except BaseException as error:
        _leave_if_forked(process)
        raise UsageError(_failure(error, name)) from error
    _leave_if_forked(process)
    if isinstance(built, tuple) and built and isinstance(built[0], (nn.Module, torch.Tensor, Mapping)):
        built = built[0]
    if isinstance(built, torch.Tensor):
        built = {"tensor": built}
    if isinstance(built, nn.Module):
        return built
    if isinstance(built, Mapping) and (tensors := named_tensors(built)):
        return tensors
    raise UsageError(f"{name} returned {_described(built)}, not an nn.Module or a mapping of tensors{_hint(built)}")


def _failure(error: BaseException, name: str) -> str:
    if isinstance(error, SystemExit):
        return f"{name} called sys.exit({error.code!r}){parsing(error)} instead of returning a model."
    if isinstance(error, RecursionError):
        return f"{name} calls itself without end (RecursionError)."
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return f"{name} asked for more memory than there is ({first_line(error)[:-1]})."
    return f"{name} raised {told(error)}"


def _described(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return "another function" if callable(value) else described(value)


def _hint(value: Any) -> str:
    """What to do instead, where that is plain."""
    if hasattr(value, "cr_await"):
        value.close()  # else Python complains that nobody awaited it
        return ": write a plain function."
    if isinstance(value, (Mapping, list, tuple)):
        inside = list(value.values() if isinstance(value, Mapping) else value)
        models = sum(isinstance(v, nn.Module) for v in inside)
        if models == 1 and len(inside) > 1:
            return ": return the model alone."
        if models:
            several = "Dict" if isinstance(value, Mapping) else "List"
            return f": return nn.Module{several}(...) to look at several models as one."
    if isinstance(value, Iterator):
        return ": return the model, and do not yield it."
    return ": return the model." if value is None else "."


def _leave_if_forked(process: int) -> None:
    """A child that the factory forked must not go on as a second embcheck."""
    if os.getpid() != process:
        os._exit(0)


@contextlib.contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    """Also what C libraries and child processes write to descriptor 1."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # the factory may have closed it
            sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the legacy state is what factories use
    torch.manual_seed(seed)
