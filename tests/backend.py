"""An accelerator made of Python: torch's own hooks for out-of-tree backends, with the host's memory behind them.

Tensors on it say ``device='pretend:0'``, are not `is_cpu`, and cannot be mixed with the host's, as on a GPU. Every
crossing to the host is counted. It stands in for CUDA, MPS and the backends of other makers where there is none:
what it shows is which way the code takes for a tensor that is not on the CPU, and what leaves the device; not speed,
and not which kernels a real device lacks.

Registering it changes the process for good, so tests run it in a process of its own (`tests/test_backend.py`).
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch.utils import backend_registration
from torch.utils._mode_utils import no_dispatch
from torch.utils._pytree import tree_flatten, tree_map

NAME = "pretend"
without_float64 = False
"""Refuse float64 as Apple's devices do."""
_DOUBLE = (torch.float64, torch.complex128)
_PLAIN = torch.Generator
crossed: list[int] = []
"""Elements of each copy to the host."""
_HOST_ARGUMENTS = {"aten::index.Tensor", "aten::index_put_", "aten::index_put", "aten::copy_", "aten::_to_copy"}
"""What takes tensors of the host beside its own, on every real device: indices, and copies."""


class OnDevice(torch.Tensor):
    """A tensor of the device; `host` holds its numbers."""

    host: torch.Tensor

    @staticmethod
    def __new__(cls, host: torch.Tensor) -> OnDevice:  # noqa: PYI034 - Self needs Python 3.11
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            host.size(),
            strides=host.stride(),
            storage_offset=host.storage_offset(),
            dtype=host.dtype,
            layout=host.layout,
            device=torch.device(NAME, 0),
            # an out= that is still empty must have room to grow (nothing is allocated)
            storage_size=None if host.numel() else 1 << 40,
        )
        made.host = host
        return made

    def tolist(self) -> Any:
        """Torch offers none for subclasses; on a real device it copies to the host."""
        return self.cpu().tolist()

    def numpy(self, *, force: bool = False) -> Any:
        """As on a real device."""
        if not force:
            raise TypeError(f"can't convert {NAME}:0 device type tensor to numpy. Use Tensor.cpu() first.")
        return self.detach().cpu().numpy(force=True)

    def __getitem__(self, where: Any) -> Any:
        return super().__getitem__(_places(where))

    def __setitem__(self, where: Any, value: Any) -> None:
        super().__setitem__(_places(where), value)

    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # type: ignore[override]
        return _run(func, args, kwargs or {})


def _run(func: Any, args: Any, kwargs: Any) -> Any:
    """The operation on the host's numbers, its results on the device again."""
    name = func._schema.name + (f".{func._schema.overload_name}" if func._schema.overload_name else "")
    given = tree_flatten((args, kwargs))[0]
    mine = [t for t in given if isinstance(t, OnDevice)]
    foreign = [t for t in given if isinstance(t, torch.Tensor) and not isinstance(t, OnDevice) and t.dim() > 0]
    if mine and foreign and not any(name.startswith(allowed) for allowed in _HOST_ARGUMENTS):
        raise RuntimeError(f"Expected all tensors to be on the same device, but {name} got {NAME}:0 and cpu")
    target = kwargs.get("device")
    to_host = target is not None and torch.device(target).type == "cpu"
    if name == "aten::_local_scalar_dense":
        crossed.append(1)
    elif to_host or (name == "aten::copy_" and not isinstance(args[0], OnDevice)):
        crossed.append(mine[0].numel() if mine else 0)
    if target is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    out = func(*tree_map(_host, args), **tree_map(_host, kwargs))
    if name == "aten::_to_copy" and to_host:
        return out
    if without_float64 and any(isinstance(t, torch.Tensor) and t.dtype in _DOUBLE for t in tree_flatten(out)[0]):
        raise TypeError(f"Cannot convert a {NAME} Tensor to float64 dtype as the framework doesn't support float64.")
    if func._schema.is_mutable:  # in place, or out=: the very tensor that was given
        owners = {id(t.host): t for t in mine}
        for t in mine:  # t_, squeeze_, an out= that was too small
            if (t.host.size(), t.host.stride()) != (t.size(), t.stride()):
                _reshape(t)
        return tree_map(lambda t: owners.get(id(t), t) if isinstance(t, torch.Tensor) else t, out)
    return tree_map(lambda t: OnDevice(t) if isinstance(t, torch.Tensor) else t, out)


def _reshape(tensor: OnDevice) -> None:
    """Tell the wrapper that its shape has changed: as for a tensor without values, below every dispatch to Python."""
    with no_dispatch():
        before = torch._C._meta_in_tls_dispatch_include()
        torch._C._set_meta_in_tls_dispatch_include(True)
        try:
            torch.ops.aten.as_strided_.default(tensor, tensor.host.size(), tensor.host.stride())
        finally:
            torch._C._set_meta_in_tls_dispatch_include(before)


def _host(value: Any) -> Any:
    return value.host if isinstance(value, OnDevice) else value


def _from_python(function: Any) -> Any:
    """Numbers of Python go to the host first: torch's own way from a list to a backend in Python is an assertion."""

    @functools.wraps(function)
    def made(*args: Any, device: Any = None, **kwargs: Any) -> Any:
        if not _mine(device):
            return function(*args, device=device, **kwargs)
        grad = kwargs.pop("requires_grad", False)
        return function(*args, **kwargs).to(device).requires_grad_(grad)

    return made


def _places(where: Any) -> Any:
    if isinstance(where, tuple):
        return tuple(_places(w) for w in where)
    return torch.tensor(where) if isinstance(where, list | range) else where


class _Generators(type):
    """Torch's own generators are instances of the stand-in below."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _PLAIN)


class _Generator(metaclass=_Generators):
    """``torch.Generator``, with that of the host for the device: a backend in Python cannot have one."""

    def __new__(cls, device: Any = "cpu") -> Any:
        return _PLAIN("cpu" if _mine(device) else device)


def _mine(device: Any) -> bool:
    return device is not None and torch.device(device).type == NAME


class _Module:
    """``torch.pretend``."""

    def is_initialized(self) -> bool:
        return True

    def is_available(self) -> bool:
        return True

    def current_device(self) -> int:
        return 0

    def device_count(self) -> int:
        return 1

    def _is_in_bad_fork(self) -> bool:
        return False

    def manual_seed(self, seed: int) -> None:
        torch.default_generator.manual_seed(seed)

    def manual_seed_all(self, seed: int) -> None:
        torch.default_generator.manual_seed(seed)

    def get_rng_state(self, device: Any = NAME) -> torch.Tensor:
        return torch.default_generator.get_state()

    def set_rng_state(self, state: torch.Tensor, device: Any = NAME) -> None:
        torch.default_generator.set_state(state)


def register() -> torch.library.Library:
    """Make the device known to this process. Keep what is returned: the operations live as long as it does."""
    backend_registration._setup_privateuseone_for_python_backend(NAME, backend_module=_Module())
    library = torch.library.Library("_", "IMPL")  # type: ignore[no-untyped-call]
    run = lambda func, *args, **kwargs: _run(func, args, kwargs)  # noqa: E731 - tests replace `_run`
    library.fallback(run, "PrivateUse1")  # type: ignore[no-untyped-call]
    for name in ("tensor", "as_tensor", "asarray"):
        setattr(torch, name, _from_python(getattr(torch, name)))
    torch.Generator = _Generator  # type: ignore[misc]
    return library
