"""Tables as CSV."""

from __future__ import annotations

import csv
import io

from embcheck.reporters.csv import render


def test_rows_and_header() -> None:
    text = render([{"a": 1, "b": None}, {"a": float("nan"), "c": 'x,\n"y"'}])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b", "c"], ["1", "", ""], ["", "", 'x,\n"y"']]


def test_infinity_and_formulas() -> None:
    assert render([{"a": float("inf"), "b": "=1+1"}]).splitlines()[1] == "inf,'=1+1"


def test_empty() -> None:
    assert render([]) == "\n"
