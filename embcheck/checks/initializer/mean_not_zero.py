"""The mean is not the law's (zero, for every initializer of weights).

## What it checks
The sample mean of a tensor that should be independent draws of a known law, against the law's mean: 0 for the
initializers of weights, 0.5 for `torch.rand`.

## Why it matters
A shared offset adds fan_in times the mean of the inputs to every unit: all units move together, and the first updates
are spent on undoing it. The usual reasons are `torch.rand(n) * a` where `(2 * rand - 1) * a` was meant, and a normal
with mean and std exchanged.

## How it decides
Statistic: sqrt(n) |mean - law's mean| / law's std. Null: exactly normal for a normal law; for any other, the
saddlepoint tail of a mean of that very law (within 1.5% from 8 draws on). What a faithful rounding to the dtype may
do is taken off first (0.2% of a std in bfloat16 for a centred law). Two-sided p-value, corrected over the run (Holm),
so that false alarms of the whole run stay within `--alpha`. Smallest shift caught, nine times in ten, at n = 30,000:
3.4% of a std; at n = 1,000,000: 0.6%.

## How to fix
Draw anew from the law, or subtract the mean: `w.sub_(w.mean())`.

## Example
`w = torch.rand(256, 128) * 0.1` where `uniform(-0.1, 0.1)` was meant: the mean is 0.05 where 0 is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.sample import initializer_call, sample_of
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence
from embcheck.stats.moments import mean_test
from embcheck.stats.power import smallest_shift

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Test the mean of the draws in `subject.value` against that of `subject.law`."""
    sample = sample_of(subject)
    if sample is None or not sample.law.std > 0:
        return
    law, n = sample.law, sample.n
    test = mean_test(n, sample.summary.mean, law, sample.dtype)
    detectable = smallest_shift(n, context.alpha_each, test.allowance)
    allowed = smallest_shift(n, context.alpha_each, test.allowance, power=0.5)
    yield Evidence(
        f"mean is {sample.summary.mean:.4g} where {law.describe()} has {law.mean:.4g}: off by {test.shift:+.3g} std; "
        f"at n = {n:,} {allowed:.3g} std is allowed",
        measured=sample.summary.mean,
        expected=law.mean,
        allowed=allowed * law.std,
        p_value=test.p_value,
        effect=abs(test.shift),
        n=n,
        detectable=detectable,
        fix=initializer_call(law, expression(subject)),
    )
