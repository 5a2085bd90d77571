"""The forward signal grows without bound with depth.

## What it checks
The second moment q of the pre-activations (or of the residual stream), from the first layer to the last; whether its
largest value leaves the range of the network's dtype; and the first layer that gave NaN or infinity.

## Why it matters
A signal that doubles in every layer saturates what is bounded, overflows float16 after sixteen layers, and makes the
loss at step 0 a number that the optimizer needs thousands of steps to undo.

## How it decides
As for vanishing-activations, on the other side: the 95% interval over seeds of Λ = ln q_L - ln q_1 wholly above +6
fails, inside ±6 holds, across +6 is inconclusive with the seeds it would take; a significant drift inside the limit is
a note. As there, of a user's own model a total up to 15 is a warning. Overflow is certain: sqrt(q) sqrt(2 ln(B n)), the
expected largest of B n Gaussians, beyond the dtype's maximum.

## How to fix
Match the gain to the activation (`embcheck variance-sweep --find-gain`); scale the branches of a residual network by
1/sqrt(depth), or start them at zero.

## Example
`nn.init.normal_(w)` with its default std of 1 at width 512: x256 a layer with ReLU.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.channel_evidence import FIND_GAIN, channel_evidence, mending
from embcheck.propagation.limits import format_of, overflow_layer
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """The forward channel against +limit, the dtype's largest number, and the first layer that is not finite."""
    record: NetworkRecord = subject.value
    yield from channel_evidence(record, record.forward, "exploding")
    form = format_of(record.dtype)
    layer = overflow_layer(record, form)
    if layer is not None:
        yield Evidence(
            f"the largest value of layer {layer} is beyond {form.largest:.4g}, the largest number of {form.name}",
            measured=float(layer), holds=False, part=f" (overflow of {form.name})", fix=mending(record),
        )  # fmt: skip
    if record.first_bad:
        yield Evidence(
            f"{record.first_bad} is the first that gave NaN or infinity",
            holds=False, part=" (not finite)", fix=_mend(record),
        )  # fmt: skip


def _mend(record: NetworkRecord) -> str:
    """A network on paper has only its gain to blame, a user's model also logs, roots and quotients."""
    if not record.own:
        return mending(record)
    return (
        f"torch.clamp what goes into {record.first_bad}, if it is a log, a root, a quotient or an exp; else {FIND_GAIN}"
    )
