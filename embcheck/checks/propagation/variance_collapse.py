"""Different inputs end up with the same activations: the variance between them dies, whatever the activations do.

## What it checks
The share of the forward second moment that differs between inputs, s/q = 1 - c, from the first layer to the last.

## Why it matters
The forward variance alone calls dead networks healthy. Sigmoid layers with `xavier_normal_` keep q at 0.2647 for ever
while s loses a factor of 18 in every layer: the output is a constant, whatever the input.

## How it decides
The total of ln (s/q) of each seed against -6, with the 95% interval over seeds, as for vanishing-activations. Where
s/q falls exponentially (chi_1 < 1: the ordered phase) it is an error; where it falls as a power of the depth (on the
edge of chaos: 9 pi^2 / (2 l^2) for ReLU, Hayou et al. 2019) only a warning, since depth alone does it; so is,
in a user's own model, a total down to -15. Below rounding the share is carried on by the tangents.

In a model of at least three layers that feed SELU, which promises to hold the variance at 1: fan Var W below 0.95 on
average with a variance that has fallen below 0.8 is a warning (Klambauer et al. 2017, theorem 1: the domain in which
the promise holds).

## How to fix
A larger gain (chi_1 = 1 at the fixed point), an activation without a mean (tanh instead of sigmoid), no bias that
outweighs the signal, normalization or residual connections.

## Example
Default `nn.Linear` layers with ReLU: the biases keep q at 2/(5n), the share falls by 6 in every layer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.channel_evidence import FIND_GAIN, more_seeds, severity_of
from embcheck.checks.mechanisms.self_normalizing import self_normalization
from embcheck.propagation.record import Channel
from embcheck.propagation.verdict import judge
from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network", "trace"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """The share's total against -limit."""
    if subject.kind == "trace":
        yield from self_normalization(subject.value)
        return
    record: NetworkRecord = subject.value
    share = share_channel(record)
    if record.depth < 2 or all(math.isnan(t) for t in share.totals):
        yield Skip("nothing to compare: one layer, one input, or a signal that was gone before")
        return
    verdict = judge(share, record.limit)
    if math.isnan(verdict.mean) or (verdict.label == "inconclusive" and verdict.mean < 0):
        more = f"; {more_seeds(record, verdict.needs)} would tell" if verdict.needs else ""
        yield Skip(f"inconclusive: the 95% interval of ln(s/q) is {verdict.low:+.2f} to {verdict.high:+.2f}{more}")
        return
    fails = verdict.label == "vanishing"
    power = verdict.shape == "algebraic"
    yield Evidence(
        f"the share of q that differs between inputs changes by ln {verdict.mean:+.2f} over {record.depth} layers"
        + (", as a power of the depth" if power else ""),
        measured=verdict.mean if math.isfinite(verdict.mean) else None,
        expected=share.theory,
        allowed=-record.limit,
        n=record.seeds,
        holds=not fails,
        severity=Severity.WARNING if fails and power else severity_of(record, verdict) if fails else None,
        fix=FIND_GAIN if fails else "",
    )


def share_channel(record: NetworkRecord) -> Channel:
    """ln (s/q): the signal less the forward channel, seed by seed."""
    totals = tuple(_less(s, q) for s, q in zip(record.signal.totals, record.forward.totals, strict=True))
    f, s = record.forward, record.signal
    theory = s.theory - f.theory if s.theory is not None and f.theory is not None else None
    profile = tuple(_less(b, a) for b, a in zip(s.profile, f.profile, strict=False))
    course = s.course if s.course != "exponential" or f.course != "exponential" else ""
    return Channel(
        "signal", totals, theory if theory is None or math.isfinite(theory) else None, s.sd, None, profile, course
    )


def _less(s: float, q: float) -> float:
    """A signal that is gone together with everything else is not this rule's business."""
    if math.isinf(q):
        return math.nan
    return s if math.isinf(s) else s - q
