"""Rows of a stack of equal blocks: the first and the last are shown, those between are said to be like them."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

LONG = 60
"""A table of no more rows is shown whole."""
_FEWEST = 4
"""Fewer blocks than this are shown one by one."""


def folded(rows: Rows) -> list[Mapping[str, Any]]:
    """The same rows; of four or more blocks in sequence that ran the same operations, one row stands for all but the
    first and the last."""
    if len(rows) <= LONG:
        return list(rows)
    found = itertools.groupby(rows, key=lambda row: _block(str(row["name"])))
    blocks = [(key, list(members)) for key, members in found]
    shown: list[Mapping[str, Any]] = []
    for alike, run in itertools.groupby(blocks, key=lambda block: _shape(*block)):
        stack = list(run)
        if alike is None or len(stack) < _FEWEST:
            shown += [row for _, members in stack for row in members]
            continue
        (first, head), (last, tail) = stack[0], stack[-1]
        between = sum(len(members) for _, members in stack[1:-1])
        name = f"... {between} more as in {_spelled(first)} and {_spelled(last)} (-v)"
        blank: dict[str, Any] = dict.fromkeys(rows[0], "")
        shown += [*head, {**blank, "name": name}, *tail]
    return shown


def _block(name: str) -> tuple[str, str]:
    """(stack, number) of the first number in a dotted name: ``h.3.mlp:add`` is block 3 of h; no number, no block."""
    module = name.partition(":")[0]
    found = re.match(r"(.*?)(?<![^.])(\d+)(?![^.])", module)
    return (found.group(1), found.group(2)) if found else (module, "")


def _shape(key: tuple[str, str], members: Rows) -> tuple[Any, ...] | None:
    """What makes blocks of a stack alike; None for rows that are in none."""
    stack, number = key
    if not number:
        return None
    start = len(stack) + len(number)
    return (stack, *((re.sub(r" #\d+$", "", str(row["name"])[start:]), str(row.get("shape"))) for row in members))


def _spelled(key: tuple[str, str]) -> str:
    return "".join(key)
