"""`.pt`, `.pth` and `.bin` files, by `torch.load` with `weights_only=True`: nothing in them is ever executed."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch

from embcheck.errors import UsageError
from embcheck.subjects.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEPTH = 6


def read_pickled(path: Path) -> list[Stored]:
    """The tensors of one file, nested mappings flattened (``model.state_dict``, optimizer state left out).

    Raises:
        UsageError: the file is broken, holds code, or holds no tensors.
    """
    value, mapped = _load(path)
    if isinstance(value, torch.Tensor):
        value = {"tensor": value}
    if not isinstance(value, (Mapping, list, tuple)):
        raise UsageError(f"{path} holds a {type(value).__name__}, not tensors: save model.state_dict().")
    found = dict(_flatten(value, "", 0))
    for wrapper in ("state_dict", "model_state_dict", "model"):
        inner = {k.removeprefix(wrapper + "."): v for k, v in found.items() if k.startswith(wrapper + ".")}
        if inner and isinstance(value, Mapping) and isinstance(value.get(wrapper), Mapping):
            found = inner
            break
    if not found:
        raise UsageError(f"{path} holds no tensors: save model.state_dict().")
    return [_stored(name, tensor, mapped) for name, tensor in found.items()]


def _load(path: Path) -> tuple[Any, bool]:
    options: dict[str, Any] = {"map_location": "cpu", "weights_only": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return torch.load(path, mmap=True, **options), True
        except pickle.UnpicklingError as error:
            raise _refused(path, error) from error
        except Exception:  # noqa: BLE001 - the old, unzipped format cannot be mapped: one more way to read it
            try:
                return torch.load(path, **options), False
            except pickle.UnpicklingError as error:
                raise _refused(path, error) from error
            except MemoryError as error:
                raise UsageError(f"{path} asks for more memory than there is: is it damaged?") from error
            except Exception as error:
                raise UsageError(
                    f"{path} cannot be read as a torch file ({type(error).__name__}): is it truncated or damaged?"
                ) from error


def _refused(path: Path, error: BaseException) -> UsageError:
    if "GLOBAL" in str(error) or "Unsupported class" in str(error):
        return UsageError(
            f"{path} holds Python objects beside tensors and is not opened: save model.state_dict() alone."
        )
    return UsageError(f"{path} cannot be read as a torch file (broken pickle): is it truncated or damaged?")


def _flatten(value: Any, prefix: str, depth: int) -> Iterator[tuple[str, torch.Tensor]]:
    if isinstance(value, torch.Tensor):
        yield prefix, value
    elif depth < _DEPTH and isinstance(value, (Mapping, list, tuple)):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            if depth == 0 and str(key).startswith(("optim", "lr_sched", "scaler", "rng")):
                continue
            yield from _flatten(item, f"{prefix}.{key}" if prefix else str(key), depth + 1)


def _stored(name: str, tensor: torch.Tensor, mapped: bool) -> Stored:
    shape, dtype = tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")
    plain = tensor.layout == torch.strided and not tensor.is_quantized and not tensor.is_meta
    if plain and tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        reason = "it is an expanded view of fewer stored numbers"
        return Stored(name, shape, dtype, None, reason=reason)
    detached = tensor.detach()
    return Stored(name, shape, dtype, lambda: detached, mapped=mapped and plain)
