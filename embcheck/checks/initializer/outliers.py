"""Values lie further out than so many draws reach.

## What it checks
The smallest and largest value of a tensor that should be independent draws of a known law, and how many values lie
beyond the quantiles that about 16 and 256 of them should exceed. A law with a bound near its centre is
`out-of-bounds`' business.

## Why it matters
One weight at a hundred sigma dominates every sum that it enters, and survives averages that hide it: a corrupted
element, a generator that reaches erfinv(-1), a heavy-tailed minority, a table of which a few rows kept another scale.

## How it decides
Null for the extremes: exactly 1 - F^n, the distribution of the largest of n draws, both sides. Null for the counts:
exactly binomial, thresholds on the summary's grid. Faithful rounding to the dtype is allowed for by one spacing. The
smallest of the three p-values times three, corrected over the run (Holm), so that false alarms of the whole run stay
within `--alpha`. Smallest deviation caught: one value beyond 6.6 std of a normal law at n = 30,000, 7.1 at n =
1,000,000.
Without a law, in an audit: where values lie more than 8 robust standard deviations (from quartiles) out, the law of the
rest is identified and takes the place of the declared one (a warning where its constants had to be fitted); where the
rest follows none, only eight or more far values that are one and the same number fail, as a warning: draws that were
cut. Trained weights with heavy tails of distinct values pass.

## How to fix
Look at the place of the extreme: one bad element is a fault of the generator or of memory; many are another law.

## Example
`trunc_normal_` in bfloat16 whose coarse uniforms hit erfinv(-1): a few values of -2 where the std is 0.02.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.bulk_law import bulk_law, far
from embcheck.checks.mechanisms.sample import initializer_call, sample_of
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence, Severity
from embcheck.stats.extremes import open_sides, too_far
from embcheck.stats.power import smallest_outlier
from embcheck.stats.tails import tail_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_PILE = 8
"""Equal far values: in a heavy tail of distinct draws, or of training, eight are never one number."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Test the extremes and the tail counts of `subject.value` for being too far out under `subject.law`."""
    if subject.law is None:
        yield from _undeclared(subject, context)
        return
    yield from _evidence(subject, context)


def _undeclared(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Hold the far values against the law of the rest; many far values that are one and the same need no law."""
    found = far(subject)
    if found is None:
        return
    law = bulk_law(found)
    if law is not None:
        beside = replace(subject, law=law[0])
        beside.__dict__["summary"] = subject.summary  # a cached property: the one pass is shared
        for answer in _evidence(beside, context):
            yield answer if law[1] else replace(answer, severity=Severity.WARNING)
    elif found.piled >= _PILE:
        reach = abs(found.extreme - found.middle) / found.scale
        yield Evidence(
            f"{found.piled:,} of {subject.summary.n:,} values are exactly {found.extreme:.4g}, {reach:.3g} robust "
            "standard deviations from the median: draws were cut there, or never made; "
            f"{_PILE - 1} equal ones are allowed",
            measured=float(found.piled), allowed=float(_PILE - 1), n=subject.summary.n, holds=False,
            severity=Severity.WARNING,
            fix="draw it in float32 and cast: "
            f"w.copy_(nn.init.normal_(torch.empty(w.shape), std={found.scale:.3g}))",
        )  # fmt: skip


def _evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    sample = sample_of(subject)
    if sample is None or not sample.law.std > 0 or not any(open_sides(sample.law)):
        return
    law, n, summary = sample.law, sample.n, sample.summary
    reach = too_far(n, summary.min, summary.max, law, sample.dtype)
    low, high = ((summary.min - law.mean) / law.std, (summary.max - law.mean) / law.std)
    farthest = low if reach.side == "low" else high
    tests = [(reach.p_value, f"the {'smallest' if reach.side == 'low' else 'largest'} of {n:,} values "
              f"lies {farthest:+.3g} std from the mean of {law.describe()}")]  # fmt: skip
    tests += [
        (count.p_many, f"{count.outside:,} of {n:,} values lie outside [{count.low:.4g}, {count.high:.4g}] "
         f"where {law.describe()} puts {n * count.most:.1f}")
        for count in tail_counts(summary, law)
    ]  # fmt: skip
    p_value, message = min(tests, key=lambda test: test[0])
    detectable = smallest_outlier(n, context.alpha_each / 3, law)
    yield Evidence(
        f"{message}; {detectable:.3g} std is allowed",
        measured=max(abs(low), abs(high)),
        expected=None,
        allowed=detectable,
        p_value=min(1.0, len(tests) * p_value),
        n=n,
        detectable=detectable,
        fix=initializer_call(law, expression(subject)),
    )
