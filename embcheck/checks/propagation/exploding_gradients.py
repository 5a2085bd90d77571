"""The gradient grows without bound on its way back to the first layer.

## What it checks
The power g of the gradient with respect to the pre-activations, first layer over last, per coordinate.

## Why it matters
A chaotic network (chi_1 > 1) separates inputs that are close and multiplies gradients: torch's own advice for tanh,
a gain of 5/3, gives x1.21 a layer, 6,000 over fifty, while the activations stay put.

## How it decides
As for vanishing-gradients, on the other side: the 95% interval over seeds of Λ = ln g_1 - ln g_L wholly above +6 fails,
inside ±6 holds, across +6 is inconclusive with the seeds it would take; a significant drift inside the limit is a note.
Of a user's own model a total up to 15 is a warning.

## How to fix
Lower the gain towards the edge of chaos (chi_1 = 1: `embcheck variance-sweep --find-gain`), put the norms before the
branches of a residual network, clip gradients as a last resort.

## Example
`nn.init.xavier_normal_(w, gain=nn.init.calculate_gain("tanh"))` in fifty layers of tanh: ln g = +8.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.channel_evidence import channel_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.results import Evidence, Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """The gradient channel against +limit."""
    record: NetworkRecord = subject.value
    yield from channel_evidence(record, record.gradient, "exploding")
