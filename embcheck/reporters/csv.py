"""A table as CSV (RFC 4180), for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

from embcheck.reporters.names import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def render(rows: Sequence[Mapping[str, Any]]) -> str:
    """Header and rows; what is None or not a number is empty, infinity is ``inf``. Text that a spreadsheet would run
    as a formula is quoted with an apostrophe.
    """
    keys = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(keys)
    for row in rows:
        writer.writerow([_cell(row.get(key)) for key in keys])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        value = encodable(value)
        return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
    return value
