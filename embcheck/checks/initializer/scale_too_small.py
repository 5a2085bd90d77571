"""The standard deviation is smaller than the law's.

## What it checks
The sample standard deviation of a tensor that should be independent draws of a known law, against the law's.
Without a law, in an audit: one layer of a stack of freshly drawn ones against the others; and, with inputs, the gain of
each layer on a forward pass against what its activation needs.

## Why it matters
A layer multiplies the variance of its signal by fan_in times the variance of its weights: a std 10% too small halves
the signal every three layers or so. The usual reasons are fan_in mistaken for fan_out, a gain left out, a truncated
normal whose std was not corrected for the cut (12% at two sigma), a scale divided twice.

## How it decides
Statistic: s^2 over the law's variance. Null: exactly chi-squared for a normal law; for any other, the saddlepoint tail
of a sum of squared deviations of that very law (within 5% for p down to 1e-7). A faithful rounding to the dtype is
allowed for, which takes up to 0.4% off in bfloat16 and 0.05% in float16. One-sided p-value, corrected over the run
(Holm), so that false alarms of the whole run stay within `--alpha`. Smallest error caught, nine times in ten, at n =
30,000: 2.4% for a normal law, 1.5% for a uniform one; at n = 1,000,000: 0.41% and 0.26%.
Beside peers: the z of ln std among at least four that agree, a warning. On a forward pass: fan Var W, with the fan that
one output really sums over, against 1/E[phi(z)^2]; a factor of 4 too large or 16 too small is a warning. These two
factors are conventions, wide enough for torch's default; layers before a norm, on a residual branch, or at the output
are not asked, nor are those drawn with `mode='fan_out'`, which keeps the gradient's power instead (He et al. 2015, eq.
15: either suffices), or with xavier's mean of both. Along a chain of at least four layers with nothing, or the ReLU
family, between them: the product of fan Var W E[phi(z)^2] beyond e^±6 (Schoenholz et al. 2017), a warning; it is a
matter of the weights alone and hardly fluctuates.

## How to fix
Draw with the std that the message names. Where it says "as from fan_out alone" or "swapped", the layout of the weight
is not (out, in), or the wrong fan was taken.

## Example
`nn.init.normal_(w, std=0.02 / math.sqrt(2))` where `normal(0, 0.02)` was meant: std is 0.01414 where 0.02 is due.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.scale_along_chain import scale_along
from embcheck.checks.mechanisms.scale_among_peers import scale_among_peers
from embcheck.checks.mechanisms.scale_in_forward import scale_in_forward
from embcheck.checks.mechanisms.scale_of_law import scale_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.results import Evidence
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"tensor", "model", "trace"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Test whether the std of the draws in `subject.value` is too small for `subject.law`."""
    if subject.kind == "model":
        return scale_among_peers(subject.value, small=True)
    if subject.kind == "trace":
        return chain(
            scale_in_forward(subject.value, subject.facts["census"], small=True),
            scale_along(subject.value, small=True),
        )
    return scale_evidence(subject, context, small=True)
