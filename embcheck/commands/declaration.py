"""A declaration from what an audit identified, and the layers of a stack in one row."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from embcheck.results import Report

_NUMBER = re.compile(r"(?<![^.\[])\d+(?![^.\]])")
_WORST = {"error": 3, "fail": 2, "pass": 1, "skip": 0}


def write(report: Report, path: str) -> None:
    """Write today's laws as ``[tool.embcheck.expect]``, one line for the layers of a stack that agree.

    A law whose constants had to be fitted is written with a comment; what follows no law (trained) is left out.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        Path(path).write_text(declaration(report), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error


def declaration(report: Report) -> str:
    """The TOML text."""
    lines = ["[tool.embcheck.expect]"]
    for pattern, rows in _stacks(report.tables["tensors"]).items():
        by_law: dict[str, list[str]] = {}
        for row in rows:
            law, fitted = _law(row)
            if law:
                by_law.setdefault(law + ("  # fitted: type the constant that you meant" if fitted else ""), []).append(
                    row["name"]
                )
        shared = len(by_law) == 1 and len(next(iter(by_law.values()))) == len(rows)
        for law, names in by_law.items():
            text, comment = law.partition("  #")[0], law[len(law.partition("  #")[0]) :]
            chosen = [pattern] if shared else names
            lines.extend(f"{json.dumps(name)} = {json.dumps(text)}{comment}" for name in chosen)
    return "\n".join(lines) + "\n"


def _law(row: Mapping[str, Any]) -> tuple[str, bool]:
    """The law as it is typed, and whether it was fitted; empty for what no declaration can say."""
    text = str(row["law"])
    if row["kind"] != "parameter" or not text or text.startswith("none of"):
        return "", False
    bare, _, beside = text.partition(" (")
    if "layout" in beside or "blocks" in beside or "rows zero" in beside:
        return "", False
    return bare, "fitted" in beside


def grouped(report: Report) -> Report:
    """The same report with one row for the layers of a stack: ``h.*.attn.c_proj.weight ×12``."""
    rows = [_merged(pattern, members) for pattern, members in _stacks(report.tables["tensors"]).items()]
    return replace(report, tables={**report.tables, "tensors": rows})


def _stacks(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows whose names differ in numbers alone, of one layer type and shape, by pattern (or by name, for one row)."""
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((_NUMBER.sub("*", row["name"]), row["module"], *row["shape"]), []).append(row)
    several = [key[0] for key in found]
    return {
        key[0]
        if len(members) > 1 and several.count(key[0]) == 1
        else " ".join([members[0]["name"], *_and(members)]): members
        for key, members in found.items()
    }


def _and(members: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where a pattern would claim other tensors too: the names of the rest, unless there is none."""
    return ["..."] if len(members) > 1 else []


def _merged(pattern: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    if len(rows) == 1:
        return rows[0]
    laws = list(dict.fromkeys(str(r["law"]) for r in rows))
    worst = max((str(r["verdict"]) for r in rows), key=lambda v: _WORST.get(v, 0))

    def of(key: str, pick: Any) -> float | None:
        values = [r[key] for r in rows if r[key] is not None]
        return pick(values) if values else None

    return {
        **rows[0],
        "name": f"{pattern} ×{len(rows)}",
        "n": sum(r["n"] for r in rows),
        "mean": of("mean", lambda v: sum(v) / len(v)),
        "std": of("std", lambda v: sum(v) / len(v)),
        "min": of("min", min),
        "max": of("max", max),
        "law": laws[0] if len(laws) == 1 else f"{laws[0]} and {len(laws) - 1} more",
        "d": of("d", max),
        "p_value": of("p_value", min),
        "verdict": worst,
    }
