"""No gain of the initializer carries a signal through this depth.

## What it checks
With `variance-sweep --find-gain`: for each channel (forward signal, variance between inputs, gradient) and for all
three at once, whether there is a gain from 0.1 to 16 whose change over the depth stays inside the limit, and whether
the second moment is attracted or repelled there.

## Why it matters
A gain is the only number that an initializer has. Where none is right, no choice of initializer is: for GELU, SiLU,
Mish and Hardswish without biases V(q)/q grows strictly with q, so that every fixed point repels. Above it a network
explodes, below it it vanishes.

## How it decides
By exact mean-field theory of the configuration's own widths and biases; nothing is drawn, so there is no false alarm.
A channel without a gain inside ±limit (6 by default) fails. A gain at which a deviation of the second moment grows by
more than a factor of e over the depth is kept only by balance, which finite width upsets: a warning.

## How to fix
Normalization, residual branches scaled by 1/sqrt(depth), a bias (`--bias 0.1`) that makes a stable fixed point, or an
activation that is scale-free or saturates.

## Example
`embcheck variance-sweep --find-gain --activation gelu`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.theory.find_gain import Gain
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"gains"})
FIX = "embcheck variance-sweep --architecture pre-norm"


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """One piece of evidence for each channel, and one for all three."""
    gains: tuple[Gain, ...] = subject.value
    if not gains:
        yield Skip("no theory for these weights (not centred, or not random), so no gain can be computed")
    for g in gains:
        what = "all three channels" if g is gains[-1] else f"the {g.channel} channel"
        yield Evidence(
            sentence(g, what),
            measured=g.change,
            holds=g.gain is not None and not g.repels,
            part=f" {g.channel}",
            severity=Severity.WARNING if g.repels else None,
            fix=FIX if g.gain is None or g.repels else "",
        )


def sentence(g: Gain, what: str) -> str:
    """What to type, or why there is nothing to type."""
    if g.gain is None or g.low is None or g.high is None:
        return f"no gain from 0.1 to 16 keeps {what}"
    if g.open:
        return f"any gain of {g.interval} keeps {what}"
    text = f"gain {g.gain:.6g} keeps {what} ({g.interval} would do)"
    if g.repels:
        text += (
            f", but only by balance: a deviation of q grows by e^{g.sensitivity:.1f} over the depth, so finite width "
            "upsets it and no gain keeps it at every depth"
        )
    return text
