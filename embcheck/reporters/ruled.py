"""A table whose width is its content's, in the looks of rich but in time linear in the cells (0.01 of rich's).

A model of a hundred thousand tensors has as many rows; rich takes a minute for them, and lays out what needs no layout.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style as Ink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from embcheck.reporters.style import Style


def width(text: str) -> int:
    """Columns of a terminal that the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def ruled(
    title: str,
    labels: Sequence[str],
    cells: Sequence[Sequence[str]],
    *,
    numeric: Sequence[bool],
    inks: Mapping[str, str],
    style: Style,
    more: Sequence[Sequence[str]] = (),
) -> str:
    """The table as lines, a heading above it.

    Args:
        title: above the table.
        labels: one a column.
        cells: rows of texts on one line each.
        numeric: which columns are set to the right.
        inks: text of a cell to the style it is printed in, where colour is wanted.
        style: colour and character set.
        more: further lines of labels.
    """
    frame = box.ASCII if style.ascii else box.ROUNDED
    widths = [max(map(width, column)) for column in zip(labels, *more, *cells, strict=True)]
    spaced = [w + 2 for w in widths]
    left, between, right = f"{frame.mid_left} ", f" {frame.mid_vertical} ", f" {frame.mid_right}\n"

    def line(row: Sequence[str], ink: str = "") -> str:
        parts = []
        for text, size, number in zip(row, widths, numeric, strict=True):
            padding = " " * (size - width(text))
            color = ink or inks.get(text, "")
            shown = _inked(text, color) if color and style.color else text
            parts.append(padding + shown if number else shown + padding)
        return left + between.join(parts) + right

    return "".join([
        (_inked(title, "bold") if style.color else title) + "\n",
        frame.get_top(spaced) + "\n",
        *(line(texts, "bold") for texts in (labels, *more)),
        frame.get_row(spaced, "head") + "\n",
        *map(line, cells),
        frame.get_bottom(spaced) + "\n",
    ])  # fmt: skip


@cache
def _inked(text: str, ink: str) -> str:
    return Ink.parse(ink).render(text, color_system=ColorSystem.STANDARD)
