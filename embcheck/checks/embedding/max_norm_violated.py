"""Rows of an embedding are longer than its `max_norm`.

## What it checks
`nn.Embedding` and `nn.EmbeddingBag` with `max_norm`: the norm (`norm_type`) of every row. Of torch: a lookup
renormalises the rows that are looked up and too long, and no others, for `norm_type` 1, 2, 3 and infinity, in eval
mode, frozen and under `no_grad` too; an operation on the weight before the lookup needs a clone.

## Why it matters
Each lookup rewrites the rows that are too long, in place, inside the forward. The scale that was drawn is gone after
the first epoch, only for tokens that were seen; and a graph that also uses the weight fails in backward with
"modified by an inplace operation".

## How it decides
Certain: a row's norm may exceed `max_norm` by 1e-5 of it for rounding (torch renormalises to max_norm / (norm +
1e-7)). An N(0, 1) row of 16 has a norm of 4. Of torch itself each promise is run: what torch is known to do otherwise
is a note that says so, anything else an error.

## How to fix
Draw rows that fit: `emb.weight.data.renorm_(norm_type, 0, max_norm)` once, at the start.

## Example
`nn.Embedding(n, 16, max_norm=1.0)` as built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.promised_behaviour import promised
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"embedding", "promise"})
_ROUNDING = 1e-5
_ROWS = 1 << 14


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """Measure the rows of a table that has a bound."""
    if subject.kind == "promise":
        yield from promised(subject, "max-norm-violated")
        return
    table, bound = subject.value.weight.detach(), getattr(subject.value, "max_norm", None)
    if bound is None or table.is_meta or not table.numel():
        return
    order = float(getattr(subject.value, "norm_type", 2.0))
    allowed = float(bound) * (1 + _ROUNDING)
    count, longest = 0, 0.0
    for part in table.split(_ROWS):
        norms = torch.linalg.vector_norm(part.float(), ord=order, dim=1)
        count += int((norms > allowed).sum())
        longest = max(longest, float(norms.max()))
    yield Evidence(
        f"{count} of {table.shape[0]} rows are longer than max_norm = {bound:g} (longest {longest:.4g}): every lookup "
        "rewrites them in place"
        if count
        else f"no row is longer than max_norm = {bound:g}",
        measured=longest, expected=float(bound), allowed=allowed, n=table.shape[0], holds=count == 0,
        fix=f"{expression(subject, 'weight')}.data.renorm_({order:g}, 0, {bound:g})" if count else "",
    )  # fmt: skip
