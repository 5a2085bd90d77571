"""What a table of layers or of verdicts looks like at a glance: sparklines and a grid, in characters."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from embcheck.reporters.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from embcheck.reporters.style import Style

    Rows = Sequence[Mapping[str, Any]]

BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.-=+*%#"
MARKS = {"stable": "·", "vanishing": "▼", "exploding": "▲", "inconclusive": "?"}
ASCII_MARKS = {"stable": "=", "vanishing": "v", "exploding": "^", "inconclusive": "?"}
COLORS = {"stable": "green", "vanishing": "bold red", "exploding": "bold red", "inconclusive": "yellow"}
CHANNELS = ("verdict_forward", "verdict_signal", "verdict_gradient")
MOST_SPARKLINES = 8
"""More networks than this are a grid; their layers are in the table."""
LONGEST = 60


def pictures(tables: Mapping[str, Rows], style: Style) -> Iterator[Text]:
    """Sparklines of the layers of a few networks, a grid of the verdicts of many; nothing for other reports."""
    configurations, layers = tables.get("configurations", ()), tables.get("layers", ())
    if len(configurations) > 1 and all(key in row for row in configurations for key in CHANNELS):
        yield grid(configurations, style)
    if layers and all("q" in row and "configuration" in row for row in layers):
        groups: dict[str, list[Mapping[str, Any]]] = {}
        for row in layers:
            groups.setdefault(str(row["configuration"]), []).append(row)
        if len(groups) <= MOST_SPARKLINES:
            for name, rows in groups.items():
                yield sparklines(name, rows, style)


def sparklines(name: str, rows: Rows, style: Style) -> Text:
    """One line a channel, first layer to last, each on a logarithmic scale of at least two decades."""
    text = Text()
    text.append(visible(name), style="bold")
    for key, label in (("q", "forward"), ("s", "signal"), ("g", "gradient")):
        values = [_log10(row.get(key)) for row in rows]
        text.append(f"\n  {label:9}")
        text.append(sparkline(values, style.ascii), style="cyan")
        text.append(f"  {_number(rows[0].get(key))} to {_number(rows[-1].get(key))}")
    return text


def sparkline(values: Sequence[float | None], plain: bool = False) -> str:
    """A bar for each value, at most 60 (the mean of a stretch of a longer list); a blank for no number."""
    bars = ASCII_BARS if plain else BARS
    if len(values) > LONGEST:
        edges = [round(i * len(values) / LONGEST) for i in range(LONGEST + 1)]
        values = [_mean(values[a:b]) for a, b in itertools.pairwise(edges)]
    known = [v for v in values if v is not None]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    last = len(bars) - 1
    # a flat profile sits in the middle of a bar, not on the edge between two
    span, origin = (high - low, last / 2) if high - low >= 2 else (2.0, last // 2)
    heights = (None if v is None else round((v - (low + high) / 2) / span * last + origin) for v in values)
    return "".join(" " if h is None else bars[min(last, max(0, h))] for h in heights)


def grid(rows: Rows, style: Style) -> Text:
    """Initializers down, activations across; in a cell one mark each for forward, signal and gradient."""
    marks = ASCII_MARKS if style.ascii else MARKS
    columns = list(dict.fromkeys(str(row["activation"]) for row in rows))
    varying = [k for k in ("architecture", "gain", "bias", "depth", "width") if _varies(k, rows)]
    lines: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        label = " ".join([str(row["init"]), *(f"{k} {_number(row.get(k))}" for k in varying)])
        lines.setdefault(label, {})[str(row["activation"])] = row
    left = max(len(visible(label)) for label in lines)
    wide = [max(3, len(visible(name))) for name in columns]
    text = Text()
    text.append("verdicts (forward, signal, gradient)", style="bold")
    text.append("\n" + " " * left)
    for name, size in zip(columns, wide, strict=True):
        text.append(f"  {visible(name):{size}}")
    for label, cells in lines.items():
        text.append(f"\n{visible(label):{left}}")
        for name, size in zip(columns, wide, strict=True):
            text.append("  ")
            verdicts = [str(cells[name][key]) for key in CHANNELS] if name in cells else []
            for verdict in verdicts:
                text.append(marks.get(verdict, "?"), style=COLORS.get(verdict, ""))
            text.append(" " * (size - len(verdicts)))
    legend = ", ".join(f"{mark} {verdict}" for verdict, mark in marks.items())
    text.append(f"\n{legend}", style="dim")
    return text


def _varies(key: str, rows: Rows) -> bool:
    """Whether it tells apart what initializer and activation do not."""
    seen: dict[tuple[str, str], str] = {}
    return any(
        seen.setdefault((str(r["init"]), str(r["activation"])), str(r.get(key))) != str(r.get(key)) for r in rows
    )


def _log10(value: Any) -> float | None:
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
        return None
    return math.log10(value)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else "none" if value is None else visible(str(value))
