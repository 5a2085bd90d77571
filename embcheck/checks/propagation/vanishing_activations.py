"""The forward signal shrinks towards zero with depth.

## What it checks
The second moment q of the pre-activations (or of the residual stream), from the first layer to the last; and whether
its rms falls below the smallest normal number of the network's dtype.

## Why it matters
What is multiplied by 1/2 in every layer is 1e-15 after fifty: the network computes its biases, and its gradients are
products of numbers that are not there.

## How it decides
The total Λ = ln q_L - ln q_1 of each seed; the 95% t-interval over independent seeds (theory's variance for fewer
than three). An equivalence test on what matters, the change over the depth asked for: inside ±6 it holds (amplitude
x20; Schoenholz et al. 2017 find networks trainable to about 6 depth scales), wholly below -6 it fails, across -6 it
is skipped as inconclusive with the seeds it would take. The interval is wrong once in twenty by construction, and
only at the limit: a sound network (total near 0) of width 256 and depth 50 is called stable in over 95% of runs with
four seeds. A drift that is significant against a critical network of this width (mean -c/(2n) a layer, variance c/n,
from the activation's fourth moment) and yet inside the limit is a note, judged by its p-value with all others of the
run: at width 256, depth 50 and four seeds a gain that is wrong by 5% is found in over 95% of runs. Of a user's own
model a total from 6 to 15 is a warning, since people train such networks (torch's default layers with GELU reach 9 in
five layers; He et al. 2015 trained 22 layers at 15.2), and an error beyond 15.

## How to fix
Match the gain to the activation: `nn.init.kaiming_normal_(w, nonlinearity="relu")`, or
`nn.init.xavier_normal_(w, gain=...)` with the gain that `embcheck variance-sweep --find-gain` computes.

## Example
Fifty layers of ReLU with `xavier_normal_`: x0.5 a layer, ln q = -34.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.channel_evidence import channel_evidence, mending
from embcheck.propagation.limits import format_of, underflow_layer
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.results import Skip
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """The forward channel against -limit, and the dtype's smallest normal number."""
    record: NetworkRecord = subject.value
    yield from channel_evidence(record, record.forward, "vanishing")
    form = format_of(record.dtype)
    layer = underflow_layer(record, form)
    if layer is not None:
        yield Evidence(
            f"the rms of layer {layer} is below {form.smallest:.3g}, the smallest normal number of {form.name}",
            measured=float(layer), holds=False, part=f" (underflow of {form.name})", fix=mending(record),
        )  # fmt: skip
