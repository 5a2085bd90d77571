"""A sparse initialization has the wrong number of zeros in a column, or the wrong scale beside them.

## What it checks
A matrix under the law `sparse(sparsity, std)`: every column holds exactly ceil(sparsity * rows) zeros, and the other
elements have the std of the law.

## Why it matters
Sparse initialization (J. Martens, ICML 2010) gives every unit the same few inputs, so that its total input does not
depend on the width. Zeros counted along the wrong dimension give some units none and others too many.

## How it decides
Too few zeros in any column: certain, no false alarm is possible. More zeros than placed: a draw can be zero by itself.
The surplus is tested against the binomial with the probability that |x| is below the dtype's smallest number (5e-6 in
float16 at std 0.01) or that a Box-Muller draw meets a uniform that is 0: 2^-23 at most where uniforms have 24 random
bits, 2^-52 in float64. A radius of 0 makes both draws of its pair zero, so two zeros count as one event. Scale:
n s^2 / std^2 of the others is chi-squared, two-sided. p-values are corrected over the run (Holm). One missing zero is
caught, and five surplus ones at n = 30,000; a std 2.4% off at n = 30,000.

## How to fix
Draw with `nn.init.sparse_(w, sparsity, std)` on the (out, in) weight: its columns are the inputs.

## Example
`w.mul_(torch.rand_like(w) > 0.1)` has 10% zeros on average, and a different number in each column.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.sample import dense, initializer_call
from embcheck.checks.mechanisms.spelling import expression
from embcheck.laws.families import Normal, Sparse
from embcheck.results import Evidence
from embcheck.stats.moments import scale_test
from embcheck.stats.power import smallest_scale_error
from embcheck.stats.spacing import spacing
from embcheck.stats.tails import binomial_sf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_ZERO_RADIUS = (2.0**-23, 2.0**-52)
"""Probability that a Box-Muller pair has radius 0, or a sine of 0: uniforms of 24 bits, and of 53 in float64."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Count the zeros in each column of `subject.value`, shape (rows, columns)."""
    law, value = subject.law, dense(subject.value)
    if not isinstance(law, Sparse) or value is None or value.dim() != 2:
        return
    if not value.numel() or not value.is_floating_point() or value.dtype.itemsize == 1:
        return
    fix = initializer_call(law, expression(subject))
    zeros = (value == 0).sum(0)
    fewest, most, total = int(zeros.min()), int(zeros.max()), int(zeros.sum())
    found = str(fewest) if fewest == most else f"from {fewest} to {most}"
    columns, due = value.shape[1], law.zeros
    counted = Evidence(
        f"each of {columns} columns has {found} zeros where {law.describe()} has {due}",
        measured=float(fewest if fewest < due else most),
        expected=float(due),
        allowed=float(due),
        n=value.numel(),
        part=" zeros",
        holds=fewest == due == most,
        fix="" if fewest == due == most else fix,
    )
    drawn = value.numel() - columns * due
    if fewest >= due and total > columns * due:
        smallest = spacing(0.0, subject.summary.dtype)
        zero_by_itself = math.erf(smallest / law.value_std / math.sqrt(2)) + _ZERO_RADIUS[value.dtype.itemsize == 8]
        events = (total - columns * due + 1) // 2
        p_value = binomial_sf(events, drawn, zero_by_itself)
        counted = Evidence(counted.message, counted.measured, counted.expected, counted.allowed, p_value,
                           n=counted.n, part=counted.part, fix=fix)  # fmt: skip
    yield counted
    others = value.numel() - total
    summary = subject.summary
    if others < 2 or summary.finite < summary.n:
        return
    rms = math.hypot(summary.std, summary.mean) * math.sqrt(summary.n / others)
    test = scale_test(others, 0.0, rms, Normal(0.0, law.value_std), summary.dtype)
    yield Evidence(
        f"the std beside the zeros is {rms:.4g} where {law.describe()} has {law.value_std:.4g}",
        measured=rms,
        expected=law.value_std,
        p_value=min(1.0, 2 * min(test.p_small, test.p_large)),
        effect=abs(test.ratio - 1),
        n=others,
        detectable=smallest_scale_error(others, context.alpha_each / 2, 3.0, test.allowed[1] - 1),
        part=" values",
        fix=fix,
    )
