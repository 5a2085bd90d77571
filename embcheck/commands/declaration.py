"""A declaration from what an audit identified, and the layers of a stack in one row."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embcheck.commands.audit_table import RANK
from embcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from embcheck.results import Report

_NUMBER = re.compile(r"(?<![^.\[])\d+(?![^.\]])")
_TYPED = 4
"""Digits of a constant that somebody typed; more were computed, or drawn."""
_NAMED = 8
_TELLING = 1000
"""Elements from which on a law is told from its neighbours often enough to hold the next build against it."""


def write(report: Report, path: str) -> None:
    """Write today's laws as ``[tool.embcheck.expect]``, one line for the layers of a stack that agree.

    What today's draw leaves open (constants that had to be fitted) is written as a comment; what follows no law
    (trained) is left out.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        Path(path).write_text(declaration(report), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error


def declaration(report: Report) -> str:
    """The TOML text; what this build leaves open is written as a comment, for the author to decide."""
    lines = ["[tool.embcheck.expect]"]
    for pattern, rows in _stacks(report.tables["tensors"]).items():
        by_law: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            law, open_question = _law(row)
            if law:
                by_law.setdefault((law, open_question), []).append(row["name"])
        shared = len(by_law) == 1 and len(next(iter(by_law.values()))) == len(rows) and not pattern.endswith(" ...")
        for (law, open_question), names in by_law.items():
            start, end = ("# ", f"  # {open_question}") if open_question else ("", "")
            chosen = [pattern] if shared else names
            lines.extend(f"{start}{json.dumps(name)} = {json.dumps(law)}{end}" for name in chosen)
    left = [row["name"] for row in report.tables["tensors"] if row["kind"] == "parameter" and not _law(row)[0]]
    if left:
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        lines.append(f"# nothing can be said of {', '.join(map(json.dumps, left[:_NAMED]))}{more}")
    return "\n".join(lines) + "\n"


def _law(row: Mapping[str, Any]) -> tuple[str, str]:
    """The law as it is typed, and why it is only a suggestion; empty for what no declaration can say.

    What the next build would break is no declaration: constants that were read off the values, a single drawn number,
    the bounds of a vector that is not its layer's default, which may come from any fan, and what few elements suggest.
    """
    text = str(row["law"])
    if row["kind"] != "parameter" or not text or text.startswith(("none of", "too small")):
        return "", ""
    bare, _, beside = text.partition(" (")
    if "layout" in beside or "blocks" in beside or "rows zero" in beside:
        return "", ""
    if "fitted" in beside or (bare.startswith("orthogonal(gain=") and _digits(bare) > _TYPED):
        return bare, "fitted: type the constant that you meant"
    if row["n"] == 1 and bare.startswith("constant(") and _digits(bare) > _TYPED:
        return bare, "one number: drawn, or meant?"
    if len(row["shape"]) == 1 and bare.startswith("uniform("):
        return bare, "type the fan that you meant"
    if row["n"] < _TELLING and not bare.startswith(("default(", "constant(", "orthogonal(", "eye(", "dirac(")):
        return bare, "too few elements to tell: type what you meant"
    return bare, ""


def _digits(law: str) -> int:
    """Significant digits of the number in a call: 1 for ``constant(0)``, 6 for ``constant(-0.271304)``."""
    number = re.search(r"[-+]?\d+(\.\d+)?(?=(e[-+]?\d+)?\)$)", law)
    return len(number.group().lstrip("-+0.").replace(".", "")) if number else 0


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
    worst = max((str(r["verdict"]) for r in rows), key=lambda v: RANK.get(v, 0))

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
