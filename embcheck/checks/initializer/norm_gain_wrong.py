"""The gain of a normalization layer is not what it should start as.

## What it checks
The weights of layer, batch, group and RMS norms: a gain of zero beside a shift that is not, in a freshly initialised
model a gain that was drawn, and a gain that is not the one declared.

## Why it matters
A global initializer that treats every `weight` alike draws gains around zero: the norm then passes a small random part
of its input. Scale and shift swapped (0 and 1) make the layer output the constant 1 and kill the signal.

## How it decides
Certain. A gain of exactly zero with a shift that is not zero passes nothing of its input. A gain of zero with a shift
of zero starts a residual branch at zero, is meant, and passes; with inputs it fails where the layer's output is exactly
zero and no skip connection leads past it (a layer that multiplies by 1 + gain is told from its output). In a model of
which at least nine tenths of the weights look freshly drawn, a gain that varies within a layer was drawn: an error if
its mean is below 1/2, a warning if it varies around 1 or if every norm of its type was drawn (a recipe of its author),
a note if it stays so close to 1 that no channel's power changes by a fifth (mean and std within 0.1: DCGAN's N(1,
0.02), on purpose). Trained models are not asked about variation. A declared gain (`zeros()` where the layer multiplies
by 1 + weight) must be equal to it in every element.

## How to fix
`nn.init.ones_(norm.weight); nn.init.zeros_(norm.bias)`.

## Example
`for p in model.parameters(): nn.init.normal_(p, 0, 0.02)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.traced.graph import Trace
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census, Member
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model", "trace"})
_FRESH = 0.9
_HARMLESS = 0.1
"""(1 ± 0.1)^2 is 0.81 to 1.21."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Look at every gain of the census, with its shift."""
    if subject.kind == "trace":
        yield from _silencing(subject.value, subject.facts["census"])
        return
    census: Census = subject.value
    norms = [m for m in census.parameters if m.held.layer == "norm" and m.held.role in {"weight", "scale", "gamma"}]
    shifts = {
        m.held.module_name: m for m in census.parameters if m.held.layer == "norm" and m.held.role in {"bias", "beta"}
    }
    drawn = sum(m.random for m in census.weights)
    fresh = drawn >= 1 and census.fresh >= _FRESH
    kept = {g.held.module_type for g in norms if g.low == g.high}
    sound = 0
    for gain in norms:
        if gain.declared_exact and gain.declared_p < 1:
            what = f"is constant {gain.low:g}" if gain.constant else f"varies around {gain.mean:.3g}"
            yield Evidence(
                f"the gain {what}, where {gain.declared_law} was declared", measured=gain.mean, n=gain.n,
                part=gain.held.name, holds=False, fix=f"apply {gain.declared_law} to {gain.held.name}, last",
            )  # fmt: skip
        if not gain.n or gain.finite < gain.n or gain.declared:
            continue
        wrong, severity = _judged(
            gain, shifts.get(gain.held.module_name), fresh, gain.held.module_type not in kept and len(norms) > 1
        )
        sound += not wrong
        if wrong:
            yield Evidence(
                wrong, measured=gain.mean, expected=1.0, n=gain.n, part=gain.held.name, holds=False, severity=severity,
                fix=_reset(gain, shifts.get(gain.held.module_name)),
            )  # fmt: skip
    if sound:
        yield Evidence(f"{sound} gains of norms are as they should be", n=sound, holds=True)


def _silencing(trace: Trace, census: Census) -> Iterator[Evidence]:
    """Gains of zero through which the whole signal has to go."""
    zero = {m.held.module_name: m for m in census.parameters if m.held.layer == "norm" and m.constant and m.low == 0}
    last = {node.module: node for node in trace.nodes if node.module in zero}
    for path, node in last.items():
        gain = zero[path]
        if "bias" in gain.held.role or "beta" in gain.held.role or node.q != 0 or node.index in trace.in_branch:
            continue
        yield Evidence(
            "the gain is 0 and the output is exactly zero, with no skip connection around it: nothing comes through",
            measured=0.0, expected=1.0, n=gain.n, part=gain.held.name, holds=False, fix=_reset(gain, None),
        )  # fmt: skip


def _judged(gain: Member, shift: Member | None, fresh: bool, recipe: bool) -> tuple[str, Severity | None]:
    if gain.zero == gain.n:
        if shift is not None and shift.zero < shift.n:
            return (
                f"the gain is 0 and the shift is {shift.mean:.3g}: the layer outputs a constant, whatever comes in",
                None,
            )
        return "", None
    if fresh and gain.low != gain.high:
        close = abs(gain.mean - 1) <= _HARMLESS and gain.std <= _HARMLESS
        severity = Severity.NOTE if close else Severity.WARNING if gain.mean > 0.5 or recipe else None
        return (
            f"the gain was drawn: mean {gain.mean:.3g}, std {gain.std:.3g} over {gain.n} channels of a fresh model, "
            "where it starts as 1",
            severity,
        )
    return "", None


def _reset(gain: Member, shift: Member | None) -> str:
    live = gain.held.module is not None
    both = f"nn.init.ones_({spelled(gain.held.name, live)})"
    return both + (f"; nn.init.zeros_({spelled(shift.held.name, live)})" if shift is not None else "")
