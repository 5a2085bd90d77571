"""One row of a freshly drawn matrix is far larger or smaller than the others.

## What it checks
Matrices that look freshly drawn: the power (mean square) of each row, padding rows and zero rows aside.

## Why it matters
A row that was added later (a new token, a class), loaded from somewhere else, or scaled by mistake dominates the dot
products that it takes part in.

## How it decides
Rows of m independent elements with kurtosis at most 3 have a power of sigma^2 chi^2_m / m or less spread; sigma^2 is
the median row's. The most extreme of r rows has the p-value r times its tail (Bonferroni). The run's budget is shared
as for every p-value. At m = 64 and 1,000 rows, a row drawn with 1.8 times the standard deviation is caught 9 times of
10, one with 2.5 times it but for once in a million. Tables whose other rows differ among themselves, or follow no
initializer's law (trained), are not asked; where that law's constants had to be fitted it is a warning. So is a row
that is too small: it dominates nothing, and new tokens are often started near the mean of the others. A
row that is that mean (correlation 0.99 or more with it) passes.

## How to fix
Draw new rows with the law of the old ones: `w[new] = torch.randn(...) * w[old].std()`.

## Example
`emb.weight.data[-1] = torch.randn(dim)` in a table with a standard deviation of 0.02.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import special

from embcheck.checks.mechanisms.spelling import expression
from embcheck.laws.identification.identify import identify
from embcheck.results import Evidence, Severity
from embcheck.stats import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.laws.identification.candidates import Identification
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_FEWEST_ROWS, _SHORTEST = 8, 8
_ALIGNED = 0.99
"""Cosine from which on two directions are the same but for rounding."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Hold the most extreme row against the median row."""
    reading = subject.facts.get("reading")
    profile = reading.lines if reading is not None else None
    if profile is None or profile.rows.size < _FEWEST_ROWS or profile.row_size < _SHORTEST:
        return
    keep = profile.rows > 0
    keep[list(subject.facts.get("padding", ()))] = False
    indices = np.flatnonzero(keep)
    power, m, rows = profile.rows[indices], profile.row_size, indices.size
    if rows < _FEWEST_ROWS or not np.isfinite(power).all():
        return
    middle = np.median(power) / special.chdtri(m, 0.5)
    ratio = power / middle  # chi^2 with m degrees of freedom
    upper, lower = special.chdtrc(m, ratio), special.chdtr(m, ratio)
    worst = int(np.argmin(np.minimum(upper, lower)))
    p = float(min(1.0, 2 * rows * min(upper[worst], lower[worst])))
    others = np.delete(ratio, worst)
    if not _homogeneous(others, m):
        return  # rows differ by design or by training: no row is odd among them
    size = float(np.sqrt(ratio[worst] / m))
    row = int(indices[worst])
    drawn = _others(subject.value, row) if p < context.alpha else None
    if drawn is not None and not drawn:
        return  # trained: its rows are no independent draws, and an odd one among them is nobody's mistake
    if p < context.alpha and size < 1 and _is_mean(subject.value, row):
        yield Evidence(f"row {row} is the mean of the others", measured=size, n=rows, holds=True)
        return
    yield Evidence(
        f"row {row} has {size:.3g} times the standard deviation of the median row; among {rows} rows of {m} a row that "
        f"extreme has a chance of {p:.2g}",
        measured=size, expected=1.0, p_value=p, effect=abs(size - 1), n=rows,
        severity=None if drawn is None or (drawn.fresh and size > 1) else Severity.WARNING,
        fix=f"with torch.no_grad(): {expression(subject)}[{row}].mul_({1 / size:.4g})" if size > 0 else "",
    )  # fmt: skip


def _is_mean(table: torch.Tensor, row: int) -> bool:
    """Whether a row points where the mean of the others points."""
    rows = table.detach().flatten(1)
    total = torch.zeros(rows.shape[1], dtype=torch.float64)
    for part in walk.rows(rows):  # in parts: a sum of a whole tensor in another dtype copies it
        total += part.float().sum(dim=0).cpu()
    one = rows[row].cpu().double()
    return float(torch.nn.functional.cosine_similarity(one, total - one, dim=0)) >= _ALIGNED


def _others(table: torch.Tensor, row: int) -> Identification:
    """What the longer run of rows beside this one was drawn from."""
    before, after = table[:row], table[row + 1 :]
    return identify((before if row >= after.shape[0] else after).detach())


def _homogeneous(ratio: np.ndarray, m: int) -> bool:
    """Whether the rows without the odd one spread no more than rows of one law: the fourth moment of a normal at most,
    with a margin of six standard errors."""
    spread = float(np.var(ratio) / (2 * m))
    return bool(spread < 1 + 6 * np.sqrt(2 / ratio.size) + 12 / m)
