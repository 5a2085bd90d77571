"""What belongs to the user's process and must be as before after every call."""

from __future__ import annotations

import random
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from embcheck.subjects.placement import accelerators

if TYPE_CHECKING:
    from collections.abc import Iterator

# torch makes this module an object of properties, which type checkers do not see
_memory: Any = torch.utils.deterministic


@contextmanager
def preserved() -> Iterator[None]:
    """Restore every global that drawing tensors, or running a user's model, may change.

    That is: the random states of torch (CPU and every accelerator that is in use), numpy and Python; torch's default
    dtype and device; the deterministic flags and the poison of uninitialised memory; grad mode; autocast is a
    context of its own and not touched. Safe to nest.
    """
    python, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 - the legacy state is the global one
    cpu, others = torch.get_rng_state(), _accelerator_states()
    dtype, device = torch.get_default_dtype(), torch.get_default_device()
    deterministic = torch.get_deterministic_debug_mode()
    fill = _memory.fill_uninitialized_memory
    grad = torch.is_grad_enabled()
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy_state)  # noqa: NPY002
        torch.set_rng_state(cpu)
        for module, states in others:
            module.set_rng_state_all(states) if isinstance(states, list) else module.set_rng_state(states)
        torch.set_default_dtype(dtype)
        if torch.get_default_device() != device:
            # None is the CPU without a mode that every call of torch would pass through from now on
            torch.set_default_device(None if device == torch.device("cpu") else device)
        torch.set_deterministic_debug_mode(deterministic)
        _memory.fill_uninitialized_memory = fill
        torch.set_grad_enabled(grad)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)


@contextmanager
def autocast_kept() -> Iterator[None]:
    """Switch autocast back to what it was: left on by a factory, it would round what the checks compute."""
    kinds = [kind for kind in ("cpu", "cuda") if torch.amp.is_autocast_available(kind)]
    before = [(kind, torch.is_autocast_enabled(kind), torch.get_autocast_dtype(kind)) for kind in kinds]
    try:
        yield
    finally:
        for kind, enabled, dtype in before:
            torch.set_autocast_enabled(kind, enabled)
            torch.set_autocast_dtype(kind, dtype)


def _accelerator_states() -> list[tuple[Any, Any]]:
    """The generators of the accelerators in use; asking an idle one would start it (seconds, and its memory)."""
    states: list[tuple[Any, Any]] = []
    for _, module in accelerators():
        if not module.is_initialized():
            continue
        everywhere = getattr(module, "get_rng_state_all", module.get_rng_state)  # a backend has at least the latter
        states.append((module, everywhere()))
    if torch.backends.mps.is_available():
        states.append((torch.mps, torch.mps.get_rng_state()))
    return states


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread: on tensors this small, waking the others costs more than they save."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads take turns ten times as often: one that needs the interpreter between two operations of torch would
    leave its core idle for up to 5 ms."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(5e-4)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def seed(device: torch.device, value: int) -> None:
    """Seed the global generators of the CPU and of `device`.

    Not `torch.manual_seed`: it leaves a call with a formatted stack for every accelerator that is not yet in use, at
    a millisecond each.
    """
    torch.default_generator.manual_seed(value)
    if device.type != "cpu":
        getattr(torch, device.type).manual_seed(value)


@contextmanager
def poisoned() -> Iterator[None]:
    """Fill whatever torch hands out as uninitialised: NaN for floats, the largest value for integers.

    https://pytorch.org/docs/stable/deterministic.html: `fill_uninitialized_memory` acts only while deterministic
    algorithms are on; warn-only, because an operation without a deterministic form must not fail a sound model. Set by
    `set_deterministic_debug_mode`: `use_deterministic_algorithms` imports torch's compiler, at two seconds.
    """
    with preserved():
        torch.set_deterministic_debug_mode("warn")
        _memory.fill_uninitialized_memory = True
        yield
