"""There are fewer different values than so many draws must give.

## What it checks
The number of different values in a tensor that should be independent draws of a continuous law, against the number
that n draws give in its dtype. In an audit also the weights of layers whose law is not known, if their dtype has 32
bits or more and each value comes many times.

## Why it matters
A generator that has 8 random bits draws from 256 values, whatever the dtype could hold: weights lie on a lattice, no
value is near zero, ties abound, and a logarithm or an inverse error function of such uniforms is cut off far too
early. Mean, std and KS distance look right.

## How it decides
Each value that the dtype can give is a cell that n balls may hit. Due is what a generator of 24 random bits (53 in
float64) gives, rounded faithfully to the dtype. p-value: Poisson for few repetitions, else a Chernoff bound for
negatively associated counts (Dubhashi and Ranjan 1998), an upper bound; beyond 16,384 values the count is an estimate
good to 0.8%, and its spread is added. Corrected over the run (Holm), so that false alarms of the whole run stay
within `--alpha`. Caught at n = 30,000 in float32: uniforms of 18 bits or fewer; in bfloat16: 256 levels where about
1,000 values are due.

More than half of the values due is a warning, and in a format of 16 bits or fewer a note: a draw that is scaled there
(`randn(n) * 0.02` in bfloat16) is rounded twice, which merges up to half of the values and does no harm.

Without a law: k values, each found 16 times or more on average, that are equally frequent (index of dispersion of the
counts within six standard errors, 6 sqrt(2/k), of 1) and whose neighbours do not depend on each other. Uniforms of b
bits, and any inverse distribution function of them, look so; quantised weights are bell-shaped, and tables are in
order. A draw of 24 bits has no value 16 times: no false alarm from n independent draws.

## How to fix
Draw and scale in float32 and cast last: `(torch.randn(n) * 0.02).to(torch.bfloat16)`.

## Example
A generator that fills the 8 significant bits of a bfloat16 from one random byte: 256 different values in [0, 1), where
torch gives 1,057 in 30,000 draws.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.coarse_draws import coarse_draws
from embcheck.checks.mechanisms.sample import initializer_call, sample_of
from embcheck.checks.mechanisms.spelling import expression
from embcheck.results import Evidence, Severity
from embcheck.stats.resolution import resolution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor"})
_ESTIMATE = 0.008
"""Relative standard deviation of an estimated count (`embcheck.stats.distinct`)."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Compare the different values in `subject.value` with those due under `subject.law`."""
    if subject.law is None:
        yield from coarse_draws(subject)
        return
    sample = sample_of(subject, least=2)
    if sample is None or not sample.law.std > 0:
        return
    found = resolution(sample.summary, sample.law)
    counted = f"{found.distinct:,}" if sample.summary.distinct_is_exact else f"about {found.distinct:,}"
    yield Evidence(
        f"{counted} different values among {sample.n:,} where {sample.law.describe()} in {sample.dtype} gives "
        f"{found.expected:,.0f}",
        measured=float(found.distinct),
        expected=found.expected,
        p_value=found.p_value,
        effect=max(0.0, 1 - found.distinct / found.expected) if found.expected else None,
        n=sample.n,
        detectable=_detectable(found.expected, context.alpha_each, sample.summary.distinct_is_exact),
        severity=_mild(sample.dtype) if found.distinct > found.expected / 2 else None,
        fix=initializer_call(sample.law, expression(subject)),
    )


def _mild(dtype: str) -> Severity:
    """Of a loss that a second rounding explains: in 32 bits or more that loses nothing to speak of."""
    return Severity.WARNING if dtype in {"float32", "float64"} else Severity.NOTE


def _detectable(due: float, alpha: float, exact: bool) -> float | None:
    """The share of missing values that is always significant: exp(-due share^2 / 2) bounds the chance (Chernoff)."""
    if due < 1:
        return None
    reach = math.sqrt(2 * math.log(1 / alpha))  # also an upper bound of the normal quantile at alpha
    return min(1.0, reach / math.sqrt(due) + (0.0 if exact else reach * _ESTIMATE))
