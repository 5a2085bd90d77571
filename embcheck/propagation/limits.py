"""Where number formats end, which is no matter of taste: overflow, underflow, rounding, and Adam's epsilon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from embcheck.propagation.record import NetworkRecord

ADAM_EPSILON = 1e-8
"""Below this rms a gradient no longer sets the size of Adam's step (torch.optim.Adam's default eps)."""


@dataclass(frozen=True)
class Format:
    """A floating-point format."""

    name: str
    largest: float
    smallest: float
    """Smallest normal number."""
    rounding: float
    """Unit roundoff u: half the distance from 1 to the next number."""


FORMATS = (
    Format("float16", 65504.0, 2.0**-14, 2.0**-11),
    Format("bfloat16", 3.3895313892515355e38, 2.0**-126, 2.0**-8),
    Format("float32", 3.4028234663852886e38, 2.0**-126, 2.0**-24),
    Format("float64", 1.7976931348623157e308, 2.0**-1022, 2.0**-53),
)


def format_of(dtype: str) -> Format:
    """The format of that name; float32's for one that is not tabled."""
    return next((f for f in FORMATS if f.name == dtype), FORMATS[2])


def overflow_layer(record: NetworkRecord, form: Format) -> int | None:
    """First layer whose largest value, sqrt(q) sqrt(2 ln(B n)) for B n Gaussians, is beyond the format."""
    for layer in record.layers:
        values = max(2, record.inputs * layer.width)
        if 0.5 * layer.log_q + 0.5 * math.log(2 * math.log(values)) > math.log(form.largest):
            return layer.layer
    return None


def underflow_layer(record: NetworkRecord, form: Format) -> int | None:
    """First layer whose rms lies below the smallest normal number."""
    return _first_below(((r.layer, r.log_q) for r in record.layers), 2 * math.log(form.smallest))


def lost_layer(record: NetworkRecord, form: Format) -> int | None:
    """First layer where different inputs differ by less than rounding: s / q < u^2."""
    pairs = ((r.layer, r.log_s - r.log_q if math.isfinite(r.log_q) else math.nan) for r in record.layers)
    return _first_below(pairs, 2 * math.log(form.rounding))


def ends(record: NetworkRecord) -> tuple[str, ...]:
    """What each of the formats that people train in would run out of in this network, and at which layer."""
    found: list[str] = []
    for form in FORMATS[:3]:
        said = [
            f"{what} at layer {layer}"
            for what, layer in (
                ("overflows", overflow_layer(record, form)),
                ("underflows", underflow_layer(record, form)),
                ("cannot tell inputs apart", lost_layer(record, form)),
            )
            if layer is not None
        ]
        if said:
            found.append(f"{form.name} {' and '.join(said)}")
    return tuple(found)


def idle_layer(record: NetworkRecord) -> int | None:
    """Last layer (the gradient comes from above) whose weights' gradient has an rms below Adam's epsilon."""
    found = None
    for layer in record.layers:
        power = layer.log_g if layer.log_weight_gradient is None else layer.log_weight_gradient
        if power < 2 * math.log(ADAM_EPSILON):
            found = layer.layer
    return found


def _first_below(pairs: Iterable[tuple[int, float]], bound: float) -> int | None:
    for layer, value in pairs:
        if value < bound:
            return layer
    return None
