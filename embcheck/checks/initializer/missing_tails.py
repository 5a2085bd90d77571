"""The values do not reach as far out as so many draws must.

## What it checks
The range of a tensor that should be independent draws of a known law, against the range that n draws cover, and the
number of values beyond the quantiles that about 16 and 256 of them should exceed.

## Why it matters
A distribution that is cut is another distribution, and its std is smaller. Generators lose their tails where they
have few bits: a Box-Muller transform of 11-bit uniforms ends at 3.9 sigma. A uniform whose ends are never reached has
a bound that was computed from the wrong fan.

## How it decides
Null for the range: the coverage F(max) - F(min) is exactly Beta(n - 1, 2), and each end by itself is F^n. Null for
the counts: exactly binomial, thresholds on the summary's grid. Faithful rounding to the dtype is allowed for by one
spacing. The smallest p-value times the number of tests, corrected over the run (Holm), so that false alarms of the
whole run stay within `--alpha`. Smallest cut caught at n = 30,000: 0.06% of the mass, both tails of a normal beyond
3.4 sigma; at n = 1,000,000: beyond 4.3 sigma.

## How to fix
Draw in float32 and cast afterwards; a law that is meant to be cut is `trunc_normal(mean, std, a, b)`.

## Example
`nn.init.normal_(w)` followed by `w.clamp_(-3, 3)`: 0.27% of the draws should lie beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embcheck.checks.mechanisms.sample import initializer_call, sample_of
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence
from embcheck.stats.extremes import not_far_enough
from embcheck.stats.power import smallest_cut
from embcheck.stats.tails import tail_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Test the range and the tail counts of `subject.value` for not being far enough out under `subject.law`."""
    sample = sample_of(subject, least=2)
    if sample is None or not sample.law.std > 0:
        return
    law, n, summary = sample.law, sample.n, sample.summary
    reach = not_far_enough(n, summary.min, summary.max, law, sample.dtype)
    low, high = (float(x) for x in law.ppf(np.asarray([0.5 / n, 1 - 0.5 / n])))  # about the median of each end
    tests = [
        (reach.p_value, f"{n:,} values reach from {summary.min:.6g} to {summary.max:.6g} where {law.describe()} "
         f"goes to about {low:.6g} and {high:.6g}")
    ]  # fmt: skip
    tests += [
        (count.p_few, f"{count.outside:,} of {n:,} values lie outside [{count.low:.4g}, {count.high:.4g}] "
         f"where {law.describe()} puts {n * count.least:.1f}")
        for count in tail_counts(summary, law)
    ]  # fmt: skip
    p_value, message = min(tests, key=lambda test: test[0])
    detectable = smallest_cut(n, context.alpha_each / len(tests))
    cut = [float(x) for x in law.ppf(np.asarray([detectable / 2, 1 - detectable / 2]))]
    short_low, short_high = (low - summary.min) / (low - law.mean), (high - summary.max) / (high - law.mean)
    at_low = reach.side == "low" or (reach.side == "range" and short_low > short_high)
    yield Evidence(
        f"{message}; a cut at {cut[0]:.6g} and {cut[1]:.6g} would be seen",
        measured=summary.min if at_low else summary.max,
        expected=low if at_low else high,
        allowed=cut[0] if at_low else cut[1],
        p_value=min(1.0, len(tests) * p_value),
        # a tail that is thinned and not cut has no relative size that could be compared with a tolerance
        effect=max(0.0, short_low if at_low else short_high) if p_value == reach.p_value else None,
        n=n,
        detectable=detectable,
        fix=initializer_call(law, expression(subject)),
    )
