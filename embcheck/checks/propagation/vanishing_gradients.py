"""The gradient shrinks towards zero on its way back to the first layer.

## What it checks
The power g of the gradient with respect to the pre-activations, first layer over last, per coordinate.

## Why it matters
The forward pass can look healthy while nothing is learned: sigmoid layers with `xavier_normal_` keep their activations
at 0.26 for ever and lose a factor of 18 of gradient power in every layer.

## How it decides
The total Λ = ln g_1 - ln g_L of each seed, measured as the power of random tangents (their mean is the Frobenius
norm of the Jacobian, as the gradient's), or of a backward pass. As for vanishing-activations: the 95% interval over
seeds against ±6 (Schoenholz et al. 2017), inconclusive with the seeds it would take; a significant drift of a
scale-free network inside the limit is a note. Below -15 it is called severe: He et al. 2015 trained 22 layers at
-15.2 and not 30 at -20.8; of a user's own model what is not severe is a warning.

## How to fix
Match the gain to the derivative of the activation, 1/sqrt(E[phi'^2]); choose an activation with a derivative near 1 at
0, or residual connections.

## Example
`nn.Linear`'s default with ReLU: x1/6 a layer.
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
    """The gradient channel against -limit."""
    record: NetworkRecord = subject.value
    yield from channel_evidence(record, record.gradient, "vanishing")
