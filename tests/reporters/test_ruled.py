from __future__ import annotations

import io
import re

import pytest
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from embcheck.reporters.ruled import ruled, width
from embcheck.reporters.style import Style

LABELS = ["name", "n"]
CELLS = [["emb.weight", "5"], ["重み", "1,000"], ["é[red]x", "-"], ["", "pass"]]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_it_looks_as_rich_draws_it(ascii_only: bool) -> None:
    table = Table(title="T", title_justify="left", box=box.ASCII if ascii_only else box.ROUNDED)
    table.add_column("name")
    table.add_column("n", justify="right")
    for row in CELLS:
        table.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=200, color_system=None, force_terminal=False, safe_box=False)
    console.print(table)
    expected = "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"  # type: ignore[attr-defined]
    assert ruled("T", LABELS, CELLS, numeric=[False, True], inks={}, style=Style(ascii=ascii_only)) == expected


def test_colour_is_for_the_cells_that_have_one() -> None:
    colored = ruled("T", LABELS, CELLS, numeric=[False, True], inks={"pass": "green"}, style=Style(color=True))
    assert "\x1b[32mpass\x1b[0m" in colored
    plain = ruled("T", LABELS, CELLS, numeric=[False, True], inks={"pass": "green"}, style=Style())
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_width_counts_terminal_columns() -> None:
    assert (width("ab"), width("重み"), width("e\u0301")) == (2, 4, 1)
