"""Device and dtype as a user names them, resolved to what torch has on this machine."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import torch

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOATS = tuple(
    name
    for name in (
        "float64", "float32", "float16", "bfloat16",
        "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
    )
    if hasattr(torch, name)
)  # fmt: skip
_ALIASES = {
    "double": "float64", "float": "float32", "half": "float16", "fp64": "float64", "fp32": "float32",
    "fp16": "float16", "bf16": "bfloat16",
}  # fmt: skip


def available_devices() -> tuple[str, ...]:
    """The devices of this machine that hold values, as they are typed: ``cpu``, ``cuda:0``, ``mps``, ``xpu:0``.

    A backend that registered itself with torch (``torch.npu`` and the like) is one of them.
    """
    found = ["cpu"]
    for kind, module in accelerators():
        found += [f"{kind}:{i}" for i in range(module.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return tuple(found)


def accelerators() -> Iterator[tuple[str, Any]]:
    """The kinds of accelerators with an index that can be used here, each with torch's module for it."""
    kinds = ["cuda", "xpu"]
    current = torch.accelerator.current_accelerator() if hasattr(torch, "accelerator") else None  # torch 2.6
    if current is not None and current.type not in (*kinds, "mps"):
        kinds.append(current.type)
    for kind in kinds:
        module = getattr(torch, kind, None)
        if module is not None and module.is_available():
            yield kind, module


_KINDS = ("cpu", "cuda", "mps", "xpu")
_ALSO_CALLED = {"gpu": "cuda", "nvidia": "cuda", "rocm": "cuda", "hip": "cuda", "metal": "mps"}


def resolve_device(name: str | torch.device) -> torch.device:
    """The device of that name, ready to use.

    Raises:
        UsageError: torch does not know the name, or this machine or this build of torch does not have it.
    """
    have = available_devices()
    try:
        device = torch.device(name)
    except (RuntimeError, ValueError) as error:
        kind = str(name).partition(":")[0].lower()
        near = _ALSO_CALLED.get(kind) or next(iter(get_close_matches(kind, _KINDS, 1)), "")
        hint = f"; did you mean {near}?" if near else "."
        raise UsageError(f"Unknown device {str(name)!r}: this machine has {', '.join(have)}{hint}") from error
    if device.type == "meta":
        raise UsageError("Device 'meta' holds shapes but no values, so there is nothing to check: use a real device.")
    if str(device) in have or any(other.split(":")[0] == device.type for other in have if device.index is None):
        return device
    why = _missing(device)
    raise UsageError(f"Device {str(device)!r} cannot be used here: {why}; this machine has {', '.join(have)}.")


def _missing(device: torch.device) -> str:
    if device.type == "cpu":
        return "there is only one CPU device, without an index above 0"
    if device.type == "cuda":
        if torch.version.cuda is None and torch.version.hip is None:
            return f"torch {torch.__version__} was built without CUDA"
        if not torch.cuda.is_available():
            return "torch finds no CUDA driver or GPU"
        return f"torch sees {torch.cuda.device_count()} CUDA device(s)"
    if device.type == "mps":
        if torch.backends.mps.is_built():
            return "there is no Metal GPU, or macOS is too old"
        return f"torch {torch.__version__} was built without MPS"
    return f"torch {torch.__version__} has no working {device.type} backend on this machine"


def resolve_dtype(name: str | torch.dtype) -> torch.dtype:
    """The floating-point dtype of that name (``float32``, ``torch.bfloat16``, ``half``, ``bf16``).

    Raises:
        UsageError: torch has no such dtype, or it holds no real numbers.
    """
    plain = str(name).removeprefix("torch.").lower()
    plain = _ALIASES.get(plain, plain)
    if plain in FLOATS:
        dtype: torch.dtype = getattr(torch, plain)
        return dtype
    if isinstance(getattr(torch, plain, None), torch.dtype):
        raise UsageError(f"Dtype {plain!r} holds no real random draws: use one of {', '.join(FLOATS)}.")
    near = get_close_matches(plain, [*FLOATS, *_ALIASES], 1)
    hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(FLOATS)}."
    raise UsageError(f"Unknown dtype {str(name)!r}: {hint}")
