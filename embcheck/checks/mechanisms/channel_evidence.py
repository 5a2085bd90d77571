"""One channel's verdict as evidence: what the four vanishing and exploding rules share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.propagation.verdict import Verdict, judge
from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import Channel, NetworkRecord

FIND_GAIN = "embcheck variance-sweep --find-gain"
QUANTITY = {
    "forward": "the forward second moment",
    "signal": "the variance between inputs",
    "gradient": "the gradient's power",
}


def channel_evidence(record: NetworkRecord, channel: Channel, wrong: str) -> Iterator[Evidence | Skip]:
    """Whether `channel` is `wrong` ("vanishing" or "exploding"); a significant drift that is harmless is a note."""
    fix = mending(record)
    verdict = judge(channel, record.limit)
    if record.depth < 2:
        yield Skip("one layer has no depth to vanish or explode over")
        return
    if math.isnan(verdict.mean):
        yield Skip(f"{QUANTITY[channel.name]} was not measured")
        return
    up = wrong == "exploding"
    fails = verdict.label == wrong
    if fails or ((verdict.high <= record.limit) if up else (verdict.low >= -record.limit)):
        yield Evidence(
            describe(record, channel, verdict),
            measured=_finite(verdict.mean),
            expected=_finite(channel.theory),
            allowed=record.limit,
            n=len(channel.totals),
            holds=not fails,
            severity=severity_of(record, verdict) if fails else None,
            fix=fix if fails else "",
        )
    else:
        yield Skip(_undecided(record, verdict))
    if not fails and verdict.drift is not None and (verdict.drift > 0) is up:
        yield _drift(record, channel, verdict, fix)


def mending(record: NetworkRecord) -> str:
    """The line that mends the gain, or the command that looks for one where no gain is right at every scale."""
    return record.gain_fix or FIND_GAIN


def more_seeds(record: NetworkRecord, seeds: int) -> str:
    """What to type for an answer from more seeds; an audit has no flag for them."""
    return f"variance-sweep {'--model ' if record.own else ''}--seeds {seeds}"


def severity_of(record: NetworkRecord, verdict: Verdict) -> Severity | None:
    """A warning where networks have been seen to train in spite of it (see `NetworkRecord.error_from`)."""
    return Severity.WARNING if abs(verdict.mean) <= record.error_from else None


def describe(record: NetworkRecord, channel: Channel, verdict: Verdict) -> str:
    """One sentence with the change, its interval, how it goes on, and theory beside it."""
    what = QUANTITY[channel.name]
    if math.isinf(verdict.mean):
        end = "overflows" if verdict.mean > 0 else "is exactly zero"
        return f"{what} {end} within {record.depth} layers"
    text = (
        f"{what} changes by a factor of {_power(verdict.mean)} over {record.depth} layers (ln {verdict.mean:+.2f}, 95% "
        f"{verdict.low:+.2f} to {verdict.high:+.2f}, {len(channel.totals)} seeds), {_course(verdict)}"
    )
    if channel.theory is not None:
        text += f"; theory says {_logarithm(channel.theory)}"
    if verdict.severe:
        text += "; beyond what has been seen to train (He et al. 2015)"
    return text


def _course(verdict: Verdict) -> str:
    rate = verdict.rate
    if verdict.shape == "exponential" and math.isfinite(rate):
        return f"exponentially: x{math.exp(max(-700.0, min(700.0, rate))):.4g} a layer"
    return {"algebraic": "as a power of the depth", "settling": "and settles", "flat": "flat"}.get(
        verdict.shape, "exponentially"
    )


def _undecided(record: NetworkRecord, verdict: Verdict) -> str:
    edge = math.copysign(record.limit, verdict.mean)
    seen = f"the 95% interval {verdict.low:+.2f} to {verdict.high:+.2f} straddles {edge:+g}"
    if verdict.needs is None:
        return f"inconclusive: {seen}, and no affordable number of seeds would tell"
    return f"inconclusive: {seen}; {more_seeds(record, verdict.needs)} would tell"


def _drift(record: NetworkRecord, channel: Channel, verdict: Verdict, fix: str) -> Evidence:
    """Significant, yet within the limit: an error of the gain that this depth forgives and a deeper net will not."""
    assert channel.shift is not None  # noqa: S101 - a drift is only computed with it
    each = (verdict.mean - channel.shift) / (record.depth - 1)
    reach = math.inf if each == 0 else 1 + record.limit / abs(each)
    return Evidence(
        f"drift of {QUANTITY[channel.name]}: x{math.exp(each):.4g} a layer beside a critical network of this width; "
        f"harmless at depth {record.depth}, past the limit from depth {reach:.0f}",
        measured=verdict.mean,
        expected=channel.shift,
        p_value=verdict.drift_p,
        n=len(channel.totals),
        effect=abs(math.expm1(each)),
        part=" (drift)",
        severity=Severity.NOTE,
        fix=fix,
    )


def _finite(x: float | None) -> float | None:
    return x if x is not None and math.isfinite(x) else None


def _power(log: float) -> str:
    """e^log, also where it is no double."""
    return f"{math.exp(log):.3g}" if abs(log) < 600 else f"10^{log / math.log(10):.0f}"


def _logarithm(log: float) -> str:
    return f"ln {log:+.2f}" if abs(log) < 1e6 else f"{'infinity' if log > 0 else 'zero'}"
