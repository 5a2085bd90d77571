"""The tables of a report, drawn with rich: one a group, folded where they are too wide, stacked where that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from embcheck.reporters.channels import USUAL, by_channel
from embcheck.reporters.fitting import ENOUGH, NARROWEST, broken, left_out, shares
from embcheck.reporters.names import visible
from embcheck.reporters.ruled import ruled, width
from embcheck.reporters.sentences import number
from embcheck.reporters.stacks import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from embcheck.reporters.style import Style

    Rows = Sequence[Mapping[str, Any]]

# What of a table a person sees; the JSON has every column. Tables not named here are shown whole.
COLUMNS: dict[str, tuple[str, ...]] = {
    "draws": ("subject", "law", "n", "mean", "std", "variance", "d", "p_value", "verdict"),
    "configurations": (
        "activation", "init", "gain", "bias", "architecture", "depth", "width", "dtype", "chi_1", "log_q",
        "log_q_theory", "log_s", "log_s_theory", "log_g", "log_g_theory", "isometry", "isometry_theory",
        "verdict_forward", "verdict_signal", "verdict_gradient",
    ),
    "gains": (
        "activation", "init", "bias", "architecture", "depth", "width", "channel", "gain", "low", "high", "log_change",
        "chi_1", "verdict",
    ),
    "layers": (
        "layer", "name", "q", "q_theory", "s", "s_theory", "g", "g_theory", "dead", "saturated",
        "cosine", "cosine_theory",
    ),
    "models": (
        "model", "seeds", "layers", "log_q", "log_s", "log_g", "verdict_forward", "verdict_signal", "verdict_gradient",
    ),
    "operations": ("name", "q", "s", "g", "dead", "saturated", "sigma_w", "ratio"),
    "conversions": ("source", "operation", "device", "outcome", "exception", "why", "safe", "verified"),
    "tensors": ("name", "shape", "dtype", "law", "mean", "std", "d", "p_value", "verdict"),
}  # fmt: skip
LABELS = {"d": "KS D", "p_value": "p", "sigma_w": "sigma_w", "ratio": "q / theory", "max_abs_difference": "max |a - b|"}
ABSENT = {"ratio": "no theory"}
"""What stands for None in a column where the reason is always the same."""
USUALLY: dict[str, dict[str, Any]] = {"configurations": {k: USUAL[k] for k in ("bias", "dtype")}, "gains": USUAL}
"""Columns that are left out where every row has this value."""
SPARSE = frozenset({"operations", "layers"})
"""Tables that leave out a column in which nothing stands."""
GROUPED = {"layers": "configuration"}
"""Tables drawn as one for each value of this column."""
HEAVY = frozenset({"layers"})
"""Tables with a row for every layer of every configuration: shown with -v."""

_NOTHING = object()
_VERDICTS = {
    "pass": "green", "ok": "green", "fail": "bold red", "error": "bold red", "warning": "yellow", "skip": "dim",
}  # fmt: skip


def tables(name: str, rows: Rows, style: Style) -> Iterator[RenderableType]:
    """One table for each value of the rows' "group", in order of first appearance; lines already drawn are a str."""
    if name in SPARSE and style.verbosity <= 0:
        rows = folded(rows)
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row.get("group") or row.get(GROUPED.get(name, "")) or name), []).append(row)
    keys = [key for key in COLUMNS.get(name, ()) if any(key in row for row in rows)]
    if not keys:
        keys = list(dict.fromkeys(key for row in rows for key in row if key != "group"))
    keys = [key for key in keys if any(row.get(key) != USUALLY.get(name, {}).get(key, _NOTHING) for row in rows)]
    if (channels := by_channel(rows)) and not _fits([_cells(row, keys) for row in rows], keys, style):
        yield from tables("channels", channels, style)
        return
    if name in SPARSE:
        keys = [key for key in keys if any(row.get(key) not in {None, ""} for row in rows)]
    shown = {title: [_cells(row, keys) for row in members] for title, members in groups.items()}
    if style.verbosity <= 0 and "law" in keys and not all(_fits(cells, keys, style) for cells in shown.values()):
        _shorten(shown.values(), keys.index("law"))
    gone = _left_out(name, keys, [row for cells in shown.values() for row in cells], style)
    kept = [i for i, key in enumerate(keys) if key not in gone]
    for title, members in groups.items():
        cells = [[row[i] for i in kept] for row in shown[title]]
        yield _draw(visible(title), [keys[i] for i in kept], cells, members, style)
    if gone:
        named = ", ".join(_label(key) for key in keys if key in gone)
        yield Text(f"not shown in {style.width} columns: {named} (-v shows every column)", style="dim")


def _shorten(tables_: Iterable[list[list[str]]], law: int) -> None:
    """``xavier_uniform() = U(-0.18, 0.18)`` as ``U(-0.18, 0.18)``: what was drawn is the row's name already."""
    for cells in tables_:
        for row in cells:
            row[law] = row[law].rpartition(" = ")[2]


def _fits(cells: Sequence[Sequence[str]], keys: Sequence[str], style: Style) -> bool:
    """Whether a framed table needs no folding."""
    widths = [max(map(width, column)) for column in zip([_label(key) for key in keys], *cells, strict=True)]
    return style.width is None or sum(widths) + 3 * len(keys) + 1 <= style.width


def _cells(row: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    return [_cell(row.get(key), ABSENT.get(key, "-")) for key in keys]


def _left_out(name: str, keys: Sequence[str], cells: Sequence[Sequence[str]], style: Style) -> frozenset[str]:
    """The columns that a terminal has no room for; asked for everything, a table shows everything."""
    if style.width is None or style.verbosity > 0 or not cells:
        return frozenset()
    widths = [max(map(width, column)) for column in zip([_label(key) for key in keys], *cells, strict=True)]
    enough = ENOUGH.get(name, {})
    return frozenset(
        left_out(name, keys, [min(w, enough.get(key, w)) for key, w in zip(keys, widths, strict=True)], style.width)
    )


def _label(key: str) -> str:
    return visible(LABELS.get(key, key.replace("_", " ")))


def _cell(value: Any, absent: str = "-") -> str:
    if value is None:
        return absent
    if isinstance(value, (list, tuple)):
        return "x".join(_cell(item) for item in value) or "()"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value)


def _draw(title: str, keys: list[str], cells: list[list[str]], rows: Rows, style: Style) -> RenderableType:
    labels = [_label(key) for key in keys]
    numeric = [all(_is_number(row.get(key)) for row in rows) for key in keys]
    widths = [max(map(width, column)) for column in zip(labels, *cells, strict=True)]
    frame = 3 * len(keys) + 1  # edges and padding
    if style.width is None or sum(widths) + frame <= style.width:
        return ruled(title, labels, cells, numeric=numeric, inks=_VERDICTS, style=style)
    if given := shares(widths, numeric, style.width):
        head, *more = _lines(labels, given)
        lines = [line for row in cells for line in _lines(row, given)]
        return ruled(title, head, lines, numeric=numeric, inks=_VERDICTS, style=style, more=more)
    narrow = [w if fixed else min(w, NARROWEST) for w, fixed in zip(widths, numeric, strict=True)]
    if sum(narrow) + len(keys) - 1 > style.width:
        return _stack(title, labels, cells)
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for label, fixed, least in zip(labels, numeric, narrow, strict=True):
        table.add_column(
            Text(label, style="bold"),
            justify="right" if fixed else "left",
            no_wrap=fixed,
            overflow="fold",
            min_width=least,
        )
    for row in cells:
        table.add_row(*(Text(text, style=_VERDICTS.get(text, "")) for text in row))
    return table


def _lines(row: Sequence[str], given: Sequence[int]) -> list[list[str]]:
    """A row whose texts are broken, as rows of one line each."""
    columns = [broken(text, room) for text, room in zip(row, given, strict=True)]
    tall = max(map(len, columns))
    return [[column[i] if i < len(column) else "" for column in columns] for i in range(tall)]


def _is_number(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _stack(title: str, labels: list[str], cells: list[list[str]]) -> RenderableType:
    """Too narrow for a table: one block a row, a line a column."""
    text = Text(title, style="bold", overflow="fold")
    for row in cells:
        text.append("\n")
        for label, value in zip(labels, row, strict=True):
            text.append(f"\n  {label}: {value}", style="default")
    return text
