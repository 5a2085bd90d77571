"""Reads one value of a setting, from TOML, a variable or a flag, or says in one sentence what is wrong with it."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError
from embcheck.results import Severity
from embcheck.rules import matching

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DTYPES = (
    "float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
    "float8_e8m0fnu", "complex64", "complex128", "int64", "int32", "int16", "int8", "uint8", "bool",
)  # fmt: skip
_DTYPE_NICKNAMES = {"double": "float64", "float": "float32", "half": "float16", "fp64": "float64", "fp32": "float32",
                    "fp16": "float16", "bf16": "bfloat16"}  # fmt: skip
_DEVICE = re.compile(r"[a-z][a-z_0-9]*(:[0-9]{1,4})?\Z")


def text(where: str, value: Any) -> str:
    """A string that is not empty."""
    if not isinstance(value, str) or not value:
        raise UsageError(f"{where} must be a non-empty string, not {value!r}.")
    return value


def texts(where: str, value: Any) -> tuple[str, ...]:
    """One string or a list of them."""
    return tuple(text(where, item) for item in ([value] if isinstance(value, str) else _sequence(where, value)))


def whole(where: str, value: Any) -> int:
    """An integer."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,30}", value.strip()):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UsageError(f"{where} must be a whole number, not {value!r}.")
    return value


def real(where: str, value: Any) -> float:
    """A finite number."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise UsageError(f"{where} must be a number, not {value!r}.") from None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise UsageError(f"{where} must be a finite number, not {value!r}.")
    return float(value)


def flag(where: str, value: Any) -> bool:
    """True or false; a variable may also say 1, 0, yes, no, on, off."""
    if isinstance(value, str):
        word = value.strip().lower()
        value = True if word in ("1", "true", "yes", "on") else False if word in ("0", "false", "no", "off") else value
    if not isinstance(value, bool):
        raise UsageError(f"{where} must be true or false, not {value!r}.")
    return value


def table(where: str, value: Any) -> Mapping[str, Any]:
    """A TOML table."""
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a table, not {value!r}.")
    return value


def seed(where: str, value: Any) -> int:
    """A seed that torch takes on every device: 0 to 2**63 - 1."""
    number = whole(where, value)
    if not 0 <= number < 2**63:
        raise UsageError(f"{where} must lie between 0 and 2**63 - 1, not {number}.")
    return number


def alpha(where: str, value: Any) -> float:
    """A probability strictly between 0 and 1."""
    number = real(where, value)
    if not 0 < number < 1:
        raise UsageError(f"{where} is the chance of a false alarm and must lie between 0 and 1, not {number:g}.")
    return number


def tolerance(where: str, value: Any) -> float:
    """A relative deviation that is still accepted."""
    number = real(where, value)
    if number < 0:
        raise UsageError(f"{where} must be 0 or larger, not {number:g}.")
    return number


def device(where: str, value: Any) -> str:
    """A device string as torch spells them; whether it exists here is asked later, with torch."""
    name = text(where, value)
    if not _DEVICE.match(name):
        raise UsageError(f"{where} must look like cpu, cuda or cuda:0, not {name!r}.")
    return name


def dtype(where: str, value: Any) -> str:
    """A torch dtype by name, with or without "torch."; the usual short forms are understood."""
    name = text(where, value).removeprefix("torch.")
    name = _DTYPE_NICKNAMES.get(name.lower(), name)
    return _one_of(where, name, DTYPES)


def severity(where: str, value: Any) -> Severity:
    """note, warning or error."""
    if isinstance(value, Severity):
        return value
    return Severity(_one_of(where, value, [s.value for s in Severity]))


def color(where: str, value: Any) -> str:
    """auto, always or never."""
    return _one_of(where, value, ("auto", "always", "never"))


def codes(where: str, value: Any) -> tuple[str, ...]:
    """Codes, prefixes or names of rules, as a list or joined by commas; each must match a rule."""
    found = tuple(p.strip() for item in texts(where, value) for p in item.split(",") if p.strip())
    for prefix in found:
        _known(where, prefix)
    return found


def ignore(where: str, value: Any) -> tuple[tuple[str, ...], dict[str, str]]:
    """A list of codes, or a table from code to the reason: the codes ignored silently, and those with a reason."""
    return ((), _reasons(where, value)) if isinstance(value, dict) else (codes(where, value), {})


def per_subject_ignores(where: str, value: Any) -> dict[str, dict[str, str]]:
    """Patterns of subjects, each with codes (a list) or codes and reasons (a table)."""
    return {
        pattern: _reasons(where, found) if isinstance(found, dict) else dict.fromkeys(codes(where, found), "")
        for pattern, found in table(where, value).items()
    }


def _reasons(where: str, value: Mapping[str, Any]) -> dict[str, str]:
    for prefix, reason in value.items():
        _known(where, prefix)
        if not isinstance(reason, str):
            raise UsageError(f"The reason for {prefix} of {where} must be a string, not {reason!r}.")
    return dict(value)


def _known(where: str, prefix: str) -> None:
    try:
        matching(prefix)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None


def _sequence(where: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise UsageError(f"{where} must be a string or a list of strings, not {value!r}.")
    return value


def _one_of(where: str, value: Any, known: Sequence[str]) -> str:
    if value not in known:
        near = get_close_matches(str(value), known, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}."
        raise UsageError(f"{where} cannot be {value!r}: {hint}")
    return str(value)
