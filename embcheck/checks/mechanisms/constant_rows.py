"""Rows of a table that hold one and the same number throughout, where the other rows vary; for `duplicate-rows`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.results import Evidence
from embcheck.stats import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.subject import Subject

_SHORTEST = 4


def constant_rows(subject: Subject, value: torch.Tensor) -> Iterator[Evidence]:
    """Tokens that were given a constant: two or more rows of one number that is not 0, in a table that varies.

    Certain: no draw gives a row of four equal numbers. A single such row passes (an unknown word's), and so does a
    table of nothing else.
    """
    held = subject.facts.get("held")
    if held is None or held.layer != "embedding" or value.dim() != 2 or value.shape[1] < _SHORTEST:
        return
    first, second = walk.thinned(value, 1, slice(0, 2)).unbind(1)
    rows = ((first == second) & (first != 0)).nonzero().flatten()  # most tables have no such row
    rows = rows[(value[rows] == value[rows, :1]).all(dim=1)]
    numbers, times = torch.unique(value[rows, 0], return_counts=True)
    if not numbers.numel() or int(times.max()) < 2 or rows.numel() > value.shape[0] - 2:
        return
    number, count = float(numbers[times.argmax()]), int(times.max())
    alike = rows[value[rows, 0] == number]
    named = ", ".join(map(str, alike[:4].tolist())) + (", ..." if count > 4 else "")
    yield Evidence(
        f"{count:,} of {value.shape[0]:,} rows hold {number:.4g} throughout (rows {named}): their tokens cannot be "
        "told apart",
        measured=float(count), expected=0.0, n=value.numel(), part=" (constant rows)", holds=False,
        fix=f"draw them: torch.randn({count}, {value.shape[1]}) * {subject.summary.std:.3g}",
    )  # fmt: skip
