"""`.pt`, `.pth` and `.bin` files, by `torch.load` with `weights_only=True`: nothing in them is ever executed."""

from __future__ import annotations

import contextlib
import pickle
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch

from embcheck.errors import UsageError
from embcheck.subjects.access import extent
from embcheck.subjects.files.nesting import flat, named, weights_of
from embcheck.subjects.files.stored import Stored

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

_DATA = (
    "argparse.Namespace", "types.SimpleNamespace", "collections.defaultdict", "collections.deque", "builtins.dict",
    "builtins.int", "builtins.float", "builtins.list", "builtins.slice", "datetime.datetime", "datetime.date",
    "datetime.timedelta", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.Path",
    "pathlib._local.PosixPath", "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
    "numpy.float64", "numpy.float32", "numpy.int64",
    "omegaconf.dictconfig.DictConfig", "omegaconf.listconfig.ListConfig",
    "omegaconf.base.ContainerMetadata", "omegaconf.base.Metadata", "omegaconf.nodes.AnyNode", "typing.Any",
    *(f"numpy.dtypes.{kind}DType" for kind in ("Float64", "Float32", "Int64", "Int32", "Bool", "UInt8")),
)  # fmt: skip
"""What training scripts save beside the weights (arguments, counters, dates): read as `_Ignored`, so that none of these
classes is ever called, and the tensors beside them can be looked at."""


class _Ignored:
    """Stands in for an object beside the tensors: takes whatever the file says about it, and keeps nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass


def read_pickled(path: Path) -> list[Stored]:
    """The tensors of one file, nested mappings flattened (``model.state_dict``, optimizer state left out).

    Raises:
        UsageError: the file is broken, holds code, or holds no tensors.
    """
    value, mapped = _load(path)
    left: dict[str, str] = {}
    if isinstance(value, Mapping):
        try:
            found, left = weights_of(value)
        except UsageError as error:
            raise UsageError(f"{path} {error}.") from None
    elif isinstance(value, (torch.Tensor, list, tuple)):
        found = {"tensor": value} if isinstance(value, torch.Tensor) else named(flat(value))
    else:
        held = "an object" if isinstance(value, _Ignored) else f"a {type(value).__name__}"
        raise UsageError(f"{path} holds {held}, not tensors: save model.state_dict().")
    if not found:
        raise UsageError(f"{path} holds no tensors: save model.state_dict().")
    beside = [Stored(name, (), "", None, reason=reason) for name, reason in left.items()]
    return [_stored(name, tensor, mapped) for name, tensor in found.items()] + beside


def _load(path: Path) -> tuple[Any, bool]:
    options: dict[str, Any] = {"map_location": "cpu", "weights_only": True}
    with warnings.catch_warnings(), _data_allowed():
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
                raise _broken(path, error) from error


def _data_allowed() -> AbstractContextManager[Any]:
    """Lets the names in `_DATA` through as `_Ignored`; before torch 2.6 they stay refused."""
    if tuple(int(n) for n in re.findall(r"\d+", torch.__version__)[:2]) < (2, 6):
        return contextlib.nullcontext()
    allowed: Any = [(_Ignored, name) for name in _DATA]
    return torch.serialization.safe_globals(allowed)


def _refused(path: Path, error: BaseException) -> UsageError:
    found = re.search(r"(?:GLOBAL|class|global:?)\s+`?([\w.]+\.[\w.]+)", str(error))
    if found or "Unsupported" in str(error):
        what = f" ({found[1]})" if found else ""
        return UsageError(
            f"{path} holds Python objects beside tensors{what} and is not opened: save model.state_dict() alone."
        )
    return UsageError(f"{path} cannot be read as a torch file (broken pickle): is it truncated or damaged?")


def _broken(path: Path, error: BaseException) -> UsageError:
    if "TorchScript" in str(error):
        return UsageError(f"{path} is a TorchScript archive: save the state_dict() of what torch.jit.load gives.")
    return UsageError(f"{path} cannot be read as a torch file ({type(error).__name__}): is it truncated or damaged?")


def _stored(name: str, tensor: torch.Tensor, mapped: bool) -> Stored:
    shape, dtype = extent(tensor), str(tensor.dtype).removeprefix("torch.")
    plain = not tensor.is_nested and tensor.layout == torch.strided and not tensor.is_quantized and not tensor.is_meta
    if plain and tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        reason = "it is an expanded view of fewer stored numbers"
        return Stored(name, shape, dtype, None, reason=reason)
    detached = tensor.detach()
    return Stored(name, shape, dtype, lambda: detached, mapped=mapped and plain)
