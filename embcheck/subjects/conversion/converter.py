"""A user's conversion function, tried on one tensor, or array, of every kind that stands in the way."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.conversion.safe import to_numpy, to_torch
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = "plain"


@dataclass(frozen=True)
class Trial:
    """What the function did with one sample."""

    sample: str
    """In words: ``a parameter``."""
    rule: str
    """The rule that a failure of this sample belongs to; ``plain`` for the plain one."""
    exception: str = ""
    warned: tuple[tuple[str, str], ...] = ()
    """Class and text of each warning."""
    wrong: str = ""
    """What is wrong with the values that came out, if anything."""
    shares: bool = False
    """Whether what came out is the sample's own memory."""
    dtype: str = ""
    gives_tensor: bool = False
    safe: str = ""
    """The line that takes this sample across."""


def is_converter(target: Any) -> bool:
    """A callable that needs exactly one argument and is no module and no class."""
    if not callable(target) or isinstance(target, (type, nn.Module)):
        return False
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return True  # a builtin such as np.asarray
    required = [
        p for p in parameters
        if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]  # fmt: skip
    positional = [p for p in required if p.kind is not p.KEYWORD_ONLY]
    return len(required) == len(positional) == 1


def converter(convert: Callable[[Any], Any], device: torch.device, name: str = "") -> Subject:
    """Try the function on tensors; if a plain tensor is not what it takes, or it makes tensors, on arrays.

    Returns:
        a subject of kind "converter" whose value is a tuple of `Trial`.

    Raises:
        UsageError: it takes neither a plain tensor, of several numbers or of one, nor a plain array.
    """
    trials = tuple(_try(convert, *sample) for sample in _tensors(device))
    if trials[0].exception or trials[0].gives_tensor:
        arrays = tuple(_try(convert, *sample) for sample in _arrays())
        listed = _try(convert, *_LIST)
        if trials[0].exception and arrays[0].exception and listed.exception:
            lone = _try(convert, *_NUMBER)
            if not lone.exception:  # a function of one number: several are what it cannot take
                several = replace(trials[0], sample="a tensor of two numbers", rule="not-a-scalar", safe="x.tolist()")
                return Subject(_name(convert, name), "converter", (lone, several), device=str(device))
            raise UsageError(
                f"{name or 'The function'} takes neither a plain tensor ({trials[0].exception}) nor a plain array "
                f"({arrays[0].exception}): give a function of one tensor or array."
            )
        if trials[0].exception:
            trials = arrays if not arrays[0].exception else ()
        elif not arrays[0].exception:  # it takes both, and makes tensors: it is asked about both
            trials = (*trials, *arrays[1:])
    listed = _try(convert, *_LIST)
    if not listed.exception:  # most functions take no list, and need not
        trials = (*trials, listed)
    return Subject(_name(convert, name), "converter", trials, device=str(device))


def _name(convert: Callable[[Any], Any], name: str) -> str:
    return name or getattr(convert, "__name__", "function")


_NUMBER: tuple[str, str, Callable[[], Any], Any] = ("a tensor of one number", _PLAIN, lambda: torch.tensor(1.5), None)
_ONLY_META = ("Cannot copy out of meta tensor", "cannot be called on meta tensors")
"""What `.cpu()`, `.tolist()` and `.item()` say of meta alone: they take a tensor off any accelerator."""
_LIST: tuple[str, str, Callable[[], Any], Any] = (
    "a list of arrays", "slow-conversion", lambda: [np.ones(2, dtype=np.float32)] * 2, None,
)  # fmt: skip


def _tensors(device: torch.device) -> list[tuple[str, str, Callable[[], Any], Any]]:
    off = torch.device("meta") if device.type == "cpu" else device
    values = [1.5, 2.5]
    there = None if off.type == "meta" else values  # meta holds no values to compare with
    return [
        ("a plain tensor", _PLAIN, lambda: torch.tensor(values), values),
        ("a parameter", "requires-grad", lambda: nn.Parameter(torch.tensor(values)), values),
        (f"a tensor on {off.type}", "off-cpu", lambda: torch.tensor(values, device=off), there),
        ("a bfloat16 tensor", "unsupported-dtype", lambda: torch.tensor(values, dtype=torch.bfloat16), values),
        ("a complex tensor", "lazy-bits", lambda: torch.tensor([1 + 2j]), None),
        ("a conjugated tensor", "lazy-bits", lambda: torch.tensor([1 + 2j]).conj(), [1 - 2j]),
        ("a tensor with its negative bit set", "lazy-bits", lambda: torch.tensor([1 + 2j]).conj().imag, [-2.0]),
        ("a sparse tensor", "unsupported-layout", lambda: torch.eye(2).to_sparse(), [[1.0, 0.0], [0.0, 1.0]]),
    ]  # fmt: skip


def _arrays() -> list[tuple[str, str, Callable[[], Any], Any]]:
    def readonly() -> np.ndarray[Any, Any]:
        array = np.array([1.0, 2.0], dtype=np.float32)
        array.flags.writeable = False
        return array

    big = np.dtype(np.float32).newbyteorder()
    return [
        ("a plain array", _PLAIN, lambda: np.array([1.0, 2.0], dtype=np.float32), [1.0, 2.0]),
        ("a float64 array", "widened-to-float64", lambda: np.array([1.0, 2.0]), [1.0, 2.0]),
        ("a reversed array", "negative-stride", lambda: np.array([1.0, 2.0], dtype=np.float32)[::-1], [2.0, 1.0]),
        ("a read-only array", "readonly-alias", readonly, [1.0, 2.0]),
        ("an array in the other byte order", "byte-order", lambda: np.array([1.0, 2.0], dtype=big), [1.0, 2.0]),
    ]


def _try(convert: Callable[[Any], Any], sample: str, rule: str, make: Callable[[], Any], values: Any) -> Trial:
    value = make()
    safe = _safe(value)
    always = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    try:
        with warnings.catch_warnings(record=True) as caught, torch.enable_grad():
            warnings.simplefilter("always")
            given = convert(value)
    except Exception as error:  # noqa: BLE001 - which exception it is, is the question
        text = (str(error).strip().splitlines() or [""])[0]
        if any(said in text for said in _ONLY_META):
            return Trial(sample, rule, safe=safe)
        return Trial(sample, rule, exception=f"{type(error).__name__}: {text}", safe=safe)
    finally:
        torch.set_warn_always(always)
    return Trial(
        sample,
        rule,
        warned=tuple((w.category.__name__, str(w.message)) for w in caught),
        wrong=_wrong(given, values),
        shares=_shares(value, given),
        dtype=str(getattr(given, "dtype", "")).removeprefix("torch."),
        gives_tensor=isinstance(given, torch.Tensor),
        safe=safe,
    )


def _safe(value: Any) -> str:
    if isinstance(value, list):
        return "torch.from_numpy(np.stack(x))"
    if isinstance(value, torch.Tensor):
        return to_numpy("x", value) or "x.detach().cpu().numpy()"  # meta stands in for a device with values
    return to_torch("x", value, narrow=value.dtype == np.float64)


def _wrong(given: Any, values: Any) -> str:
    """How the elements differ from those of the sample; nothing is said of what is no array or tensor."""
    if values is None or not isinstance(given, (np.ndarray, torch.Tensor)):
        return ""
    try:
        elements = given.tolist()
    except Exception:  # noqa: BLE001 - a tensor that cannot be listed (sparse, meta) is not judged
        return ""
    if np.iscomplexobj(values) and not np.iscomplexobj(elements):
        values = np.real(values)  # a function for real numbers (`.float()`): torch says that it drops the rest
    same = np.shape(elements) == np.shape(values) and bool(np.all(np.asarray(elements) == np.asarray(values)))
    return "" if same else f"{elements} came out of {values}"


def _shares(value: Any, given: Any) -> bool:
    if isinstance(value, torch.Tensor) and isinstance(given, np.ndarray):
        return value.device.type == "cpu" and value.layout is torch.strided and given.ctypes.data == value.data_ptr()
    if isinstance(value, np.ndarray) and isinstance(given, torch.Tensor):
        return given.device.type == "cpu" and given.layout is torch.strided and given.data_ptr() == value.ctypes.data
    return False
