"""Inputs can no longer be told apart: their difference is below rounding.

## What it checks
Per layer, the share s/q of the second moment that differs between inputs, against the square of the dtype's unit
roundoff u.

## Why it matters
Two inputs whose activations differ by less than rounding give bit-identical outputs: from that layer on nothing can be
learned about the input, whatever the optimizer does. Default `nn.Linear` layers with ReLU get there after 22 layers in
float32, and after 9 in bfloat16.

## How it decides
Certain: the first layer with s/q < u^2 (float32 3.6e-15, float16 2.4e-7, bfloat16 1.5e-5). Above 1e-6 (more in 16-bit
formats) the share is read from the inputs, below from random tangents, which shrink by the same factor and are not
rounded away; in a model of one's own, below 100 u^2, by the factor that the gradient passes.

## How to fix
As for variance-collapse; a wider dtype only postpones it.

## Example
`nn.Sequential` of thirty `nn.Linear(512, 512)` and `nn.ReLU()`, as torch initializes them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.checks.mechanisms.channel_evidence import FIND_GAIN
from embcheck.propagation.limits import format_of, lost_layer
from embcheck.results import Evidence, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})


def evidence(subject: Subject, context: Context) -> Iterator[Evidence | Skip]:
    """The first layer whose signal is below rounding."""
    record: NetworkRecord = subject.value
    if all(math.isnan(r.log_s) for r in record.layers):
        yield Skip("the variance between inputs was not measured")
        return
    form = format_of(record.dtype)
    layer = lost_layer(record, form)
    yield Evidence(
        f"every layer can tell its inputs apart in {form.name}"
        if layer is None
        else f"from layer {layer} of {record.depth} on, inputs differ by less than {form.name} rounding",
        measured=None if layer is None else float(layer),
        allowed=form.rounding**2,
        n=record.seeds,
        holds=layer is None,
        fix="" if layer is None else FIND_GAIN,
    )
