"""Units are dead for every input, more of them than chance explains.

## What it checks
Per layer, the fraction of units whose derivative is exactly 0 for every input of the batch; and layers whose output is
exactly zero.

## Why it matters
A dead unit passes nothing forward and gets no gradient: it stays dead. A negative bias or a shrinking activation can
switch off whole layers.

## How it decides
Half of all ReLU units of a sound deep network are inactive on a whole batch: its inputs have become alike. So the
fraction is held against its null E_z[P(silent | z)^B], exact for B Gaussian inputs of the correlation c that was
measured in that layer. The excess, averaged over the last quarter of the layers and less the half-width of its 95%
interval over seeds, must not exceed 0.1 (0.2 with one seed); sound ReLU networks stay under 0.05. A layer that is
exactly zero is certain.

## How to fix
Start biases at 0, not below; use a leaky activation; look for a shrinking activation on a signal below its threshold.

## Example
`nn.init.constant_(layer.bias, -1.0)` before a ReLU.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import LayerRecord, NetworkRecord
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})
EXCESS = 0.1
FIX = "nn.init.zeros_(layer.bias)"


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Exact zeros first, then the excess of dead units over chance."""
    record: NetworkRecord = subject.value
    zero = next((layer for layer in record.layers if layer.log_q == -math.inf), None)
    if zero is not None:
        yield Evidence(f"the output of {zero.name} is exactly zero for every input", 1.0, 0.0, holds=False, fix=FIX)
        return
    known = [r for r in record.layers if r.dead is not None and r.dead_null is not None and not math.isnan(r.dead)]
    if not known:
        return
    last = known[-max(1, len(known) // 4) :]
    dead, null, error = _mean(last, "dead"), _mean(last, "dead_null"), _mean(last, "dead_error")
    allowed = EXCESS if last[0].dead_error is not None else 2 * EXCESS
    yield Evidence(
        f"{dead:.1%} of the units of the last {len(last)} layers are dead for all {record.inputs} inputs, where chance "
        f"leaves {null:.1%}",
        measured=dead,
        expected=null,
        allowed=null + allowed,
        n=record.seeds,
        holds=dead - error - null <= allowed,
        fix=FIX if dead - error - null > allowed else "",
    )


def _mean(layers: list[LayerRecord], name: str) -> float:
    return sum(getattr(layer, name) or 0.0 for layer in layers) / len(layers)
