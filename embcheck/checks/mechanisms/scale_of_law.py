"""What `scale-too-small` and `scale-too-large` share: one test of the standard deviation, one side each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from embcheck.checks.mechanisms.sample import dense, initializer_call, sample_of
from embcheck.checks.mechanisms.spelling import expression
from embcheck.laws.families import Orthogonal
from embcheck.laws.fans import fans
from embcheck.results import Evidence
from embcheck.stats.moments import ScaleTest, scale_test
from embcheck.stats.power import POWER, smallest_scale_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject


_CUT_AT_TWO = 0.87962566103423978
"""Standard deviation of N(0, 1) cut at two standard deviations."""


def scale_evidence(subject: Subject, context: Context, small: bool) -> Iterator[Evidence]:
    """Test one side of the standard deviation of a subject with a law of independent draws and at least two values; of
    an orthogonal matrix, whose rms is known exactly."""
    if isinstance(subject.law, Orthogonal):
        yield from _orthogonal(subject, subject.law, context, small)
        return
    sample = sample_of(subject, least=2)
    if sample is None or not sample.law.std > 0:
        return
    law, n = sample.law, sample.n
    test = scale_test(n, sample.summary.mean, sample.summary.std, law, sample.dtype)
    p_value = test.p_small if small else test.p_large
    measured = test.ratio * law.std
    rounding = 1 - test.allowed[0] if small else test.allowed[1] - 1
    detectable, critical = (
        smallest_scale_error(n, context.alpha_each, law.kurtosis, rounding, small=small, power=power)
        for power in (POWER, 0.5)
    )
    off = 100 * (test.ratio - 1)
    wrong = off < 0 if small else off > 0
    bound = (1 - critical if small else 1 + critical) * law.std
    yield Evidence(
        f"std is {measured:.4g} where {law.describe()} has {law.std:.4g} ({off:+,.2f}%)"
        + (f"; at n = {n:,} {'no less' if small else 'no more'} than {bound:.4g} is allowed" if wrong else "")
        + (_cause(subject, test, n) if wrong and p_value < context.alpha_each else ""),
        measured=measured,
        expected=law.std,
        allowed=bound,
        p_value=p_value,
        effect=max(0.0, -off if small else off) / 100,
        n=n,
        detectable=detectable,
        fix=initializer_call(law, expression(subject)),
    )


def _orthogonal(subject: Subject, law: Orthogonal, context: Context, small: bool) -> Iterator[Evidence]:
    """The Frobenius norm of gain Q is gain sqrt(min(rows, cols)), so that its rms is gain / sqrt(max(rows, cols))."""
    value = dense(subject.value)
    if value is None or not value.is_floating_point() or not value.numel() or not law.std > 0:
        return
    summary = subject.summary
    rms = math.hypot(summary.mean, summary.std)
    if summary.finite < summary.n or not math.isfinite(rms):
        return
    ratio = rms / law.std
    # five standard errors of the rms of independent draws: what is not orthogonal at all is `not-orthogonal`'s to say
    allowed = max(context.tolerance, 2 * torch.finfo(value.dtype).eps, 5 / math.sqrt(2 * summary.n))
    wrong = ratio < 1 - allowed if small else ratio > 1 + allowed
    yield Evidence(
        f"its rms is {rms:.4g} where {law.describe()} has {law.std:.4g} ({100 * (ratio - 1):+,.2f}%)",
        measured=rms, expected=law.std, allowed=law.std * (1 - allowed if small else 1 + allowed), n=summary.n,
        holds=not wrong, fix=initializer_call(law, expression(subject)) if wrong else "",
    )  # fmt: skip


def _cause(subject: Subject, test: ScaleTest, n: int) -> str:
    """The usual slip that gives this ratio of standard deviations, if exactly one does."""
    name = str(subject.law)
    slips = {"as a normal that was cut at two std and not corrected for it": _CUT_AT_TWO}
    if name.startswith("kaiming") and "'relu'" in name:
        slips["as without the gain of relu"] = math.sqrt(0.5)
    if len(subject.shape) >= 2:
        slips.update(_fan_slips(name, *fans(subject.shape)))
    close = 4 / math.sqrt(n)  # at least four standard errors of a ratio of standard deviations
    fitting = [slip for slip, ratio in slips.items() if ratio != 1 and abs(test.ratio / ratio - 1) < close]
    return f"; {fitting[0]}" if len(fitting) == 1 else ""


def _fan_slips(name: str, fan_in: int, fan_out: int) -> dict[str, float]:
    """What mistaking one fan for another does to the std of an initializer."""
    if min(fan_in, fan_out) == 0:
        return {}
    if name.startswith("xavier"):
        return {
            "as from fan_in alone": math.sqrt((fan_in + fan_out) / (2 * fan_in)),
            "as from fan_out alone": math.sqrt((fan_in + fan_out) / (2 * fan_out)),
        }
    if name.startswith("kaiming"):
        swapped = fan_out / fan_in if "fan_out" in name else fan_in / fan_out
        return {"as with fan_in and fan_out swapped": math.sqrt(swapped)}
    return {}
