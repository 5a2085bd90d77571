"""Tables for narrow terminals: which columns can wait, how wide the others are, and where a text is broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import chop_cells

from embcheck.reporters.ruled import width

if TYPE_CHECKING:
    from collections.abc import Sequence

# columns that a reader misses least, first; they are left out, and named below the table, before any text is broken
DISPENSABLE: dict[str, tuple[str, ...]] = {
    "tensors": ("dtype", "mean", "p_value", "d", "shape"),
    "pairs": ("p_value", "d"),
    "draws": ("p_value", "d", "std", "n"),
}
ENOUGH: dict[str, dict[str, int]] = {"draws": {"subject": 34, "law": 22}}
"""What of a long text a column of numbers is given up for; the rest of it is broken."""
NARROWEST = 12
"""Columns that a broken text keeps at least."""

_NAME = re.compile(r"[^._/\-\s]*[._/\-\s]*")
_CALL = re.compile(r"[^/\s(,]*[/\s(,]*")
"""A text may be broken after these signs: names at their dots, laws before an argument."""


def left_out(name: str, keys: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
    """The keys of the columns that do not fit.

    Args:
        name: of the table.
        keys: its columns.
        widths: what they need.
        room: what there is, frame included.

    Returns:
        none where all fit, and none where even the others do not: then the rows are stacked, with everything.
    """
    wide = dict(zip(keys, widths, strict=True))
    gone: list[str] = []
    for key in DISPENSABLE.get(name, ()):
        if sum(wide.values()) + 3 * len(wide) + 1 <= room:
            break
        if key in wide and len(wide) > 1:
            gone.append(key)
            del wide[key]
    for key in gone[::-1]:  # the last to go made more room than it had to
        need = widths[list(keys).index(key)]
        if sum(wide.values()) + need + 3 * (len(wide) + 1) + 1 <= room:
            gone.remove(key)
            wide[key] = need
    return gone if sum(min(w, NARROWEST) for w in wide.values()) + 3 * len(wide) + 1 <= room else []


def shares(widths: Sequence[int], fixed: Sequence[bool], room: int) -> list[int] | None:
    """How wide each column may be; None where not even broken texts fit.

    Args:
        widths: what the columns need.
        fixed: which of them cannot be broken (numbers).
        room: what there is, frame included.
    """
    left = room - 3 * len(widths) - 1 - sum(w for w, kept in zip(widths, fixed, strict=True) if kept)
    given = list(widths)
    waiting = sorted((i for i, kept in enumerate(fixed) if not kept), key=lambda i: widths[i])
    while waiting:  # the narrowest first: what it does not need is the others'
        i = waiting.pop(0)
        share = left // (len(waiting) + 1)
        if share < min(widths[i], NARROWEST):
            return None
        given[i] = min(widths[i], share)
        left -= given[i]
    return given if left >= 0 else None


def broken(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` columns, broken after dots, slashes, commas and blanks if there are any."""
    if width(text) <= room:
        return [text]
    lines = [""]
    for piece in filter(None, (_CALL if "(" in text else _NAME).findall(text)):
        if width(lines[-1]) + width(piece.rstrip()) <= room:
            lines[-1] += piece
        elif width(piece.rstrip()) <= room:
            lines.append(piece)
        else:
            lines.extend(chop_cells(lines.pop() + piece, room))
    return [line.rstrip() for line in lines if line.strip()] or [""]
