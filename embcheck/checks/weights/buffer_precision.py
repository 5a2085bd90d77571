"""A buffer that needs precision is kept in 16 bits.

## What it checks
Floating-point buffers in float16 or bfloat16: rotary frequencies, running statistics, and consecutive numbers
(positions) that no longer differ. Tables of any dtype, frozen parameters too, whose rows were computed from positions
that were counted in 16 bits.

## Why it matters
`model.half()` casts buffers too. An `inv_freq` in bfloat16 is off by up to 0.2% (2^-9), which is 8 radians at position
4,096; positions above 256 (bfloat16) or 2,048 (float16) collapse in pairs.

## How it decides
Certain, from the dtype's precision: the phase error is position times frequency times 2^-9 (bfloat16) or 2^-12
(float16); it must stay under 0.1 radian at position 4,096. Running statistics accumulate with a momentum of 0.1, whose
steps vanish below 2^-8 of the value. A repeated neighbour in a table of ascending whole numbers is a lost position.
A table of n rows has lost positions if its neighbouring rows are equal exactly where those of 0, 1, ... n - 1 in
bfloat16 or float16 (or of 1, ... n) are and differ everywhere else; no other table does.

## How to fix
Keep it in float32: compute it in float32 inside the forward, or cast parameters only.

## Example
`model.to(torch.bfloat16)` on a model with a registered `inv_freq`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import has_values
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"buffer", "tensor"})
_POSITION = 4096
_PHASE = 0.1
_EXACT = {torch.bfloat16: 256, torch.float16: 2048}
"""The first whole number whose successor the format does not have."""
_HALF_ULP = {torch.bfloat16: 2.0**-9, torch.float16: 2.0**-12}


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at a 16-bit buffer, and at a table of positions."""
    t, role = subject.value, subject.role
    table = _table(t)
    if table is not None and (counted := _counted_in(table)) is not None:
        where, lost = counted
        name = str(where).removeprefix("torch.")
        yield Evidence(
            f"{lost:,} of its {table.shape[0]:,} rows repeat the row before them, where positions counted in {name} do",
            measured=float(lost), expected=0.0, n=t.numel(), holds=False, severity=Severity.WARNING,
            fix="count positions in float32 or torch.long: torch.arange(n).float()",
        )  # fmt: skip
        return
    if subject.kind == "tensor" or t.dtype not in _HALF_ULP or not t.numel():
        return
    if role == "inv_freq" or role.endswith("_inv_freq"):
        error = float(t.float().abs().max()) * _POSITION * _HALF_ULP[t.dtype]
        yield Evidence(
            f"rotary frequencies in {subject.dtype} are off by up to {error:.2g} radian at position {_POSITION}; "
            f"{_PHASE:g} is allowed",
            measured=error, allowed=_PHASE, n=t.numel(), holds=error <= _PHASE,
            fix=f"{expression(subject)} = {expression(subject)}.float()  # better: computed in float32, not cast",
        )  # fmt: skip
    elif role in {"running_mean", "running_var"}:
        yield Evidence(
            f"running statistics in {subject.dtype} lose the small steps that they are averaged from",
            measured=float(_HALF_ULP[t.dtype]), n=t.numel(), holds=False,
            fix="keep batch norms in float32: module.float()",
        )  # fmt: skip
    elif t.numel() > 2 and _lost_positions(t):
        yield Evidence(
            f"consecutive numbers in {subject.dtype} repeat: positions are lost",
            n=t.numel(), holds=False, fix=f"register {subject.name} as torch.long or torch.float32",
        )  # fmt: skip


def _table(t: torch.Tensor) -> torch.Tensor | None:
    """As a matrix of one row a position; None for what is none, or too short for 16 bits to lose any."""
    if not has_values(t) or t.layout != torch.strided or not t.is_floating_point():
        return None
    shape = [size for size in t.shape if size != 1]
    return t.detach().reshape(shape) if len(shape) == 2 and shape[0] > _EXACT[torch.bfloat16] + 8 else None


def _counted_in(table: torch.Tensor) -> tuple[torch.dtype, int] | None:
    """The 16-bit format in which the rows' positions were counted, and how many were lost."""
    for dtype, exact in _EXACT.items():
        for start in (0, 1):
            at = exact - start
            if at + 8 >= table.shape[0] or not torch.equal(table[at], table[at + 1]):
                continue  # one look at two rows; whole tables are compared only where these are equal
            positions = torch.arange(start, start + table.shape[0], device=table.device).to(dtype)
            same = positions[1:] == positions[:-1]
            if torch.equal((table[1:] == table[:-1]).all(dim=1), same):
                return dtype, int(same.sum())
    return None


def _lost_positions(t: torch.Tensor) -> bool:
    flat = t.detach().float().flatten()
    whole = bool((flat == flat.round()).all()) and flat.numel() > 256
    steps = flat.diff() if whole else flat
    return whole and bool((steps >= 0).all()) and bool((steps == 0).any()) and float(flat[-1] - flat[0]) >= 256
