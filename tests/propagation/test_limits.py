"""Where number formats end, on made-up profiles."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from embcheck.propagation import limits
from embcheck.propagation.record import Channel, LayerRecord, NetworkRecord


def record(
    q: list[float], s: list[float] | None = None, g: list[float] | None = None, dtype: str = "float32"
) -> NetworkRecord:
    s, g = s or q, g or [0.0] * len(q)
    layers = tuple(
        LayerRecord(i + 1, f"layer {i + 1}", 100, a, b, c) for i, (a, b, c) in enumerate(zip(q, s, g, strict=True))
    )
    channels = [Channel(name, (0.0,)) for name in ("forward", "signal", "gradient")]
    return NetworkRecord("net", layers, *channels, dtype=dtype, inputs=16)


def test_formats_are_torchs() -> None:
    for form in limits.FORMATS:
        info = torch.finfo(getattr(torch, form.name))
        assert form.largest == info.max
        assert form.smallest == info.tiny
        assert form.rounding == info.eps / 2


def test_overflow_is_of_the_largest_of_all_values() -> None:
    # sqrt(2 ln 1600) = 3.84: rms 20,000 overflows float16 (65504), rms 15,000 does not
    half = limits.format_of("float16")
    assert limits.overflow_layer(record([0.0, 2 * math.log(15_000)]), half) is None
    assert limits.overflow_layer(record([0.0, 2 * math.log(20_000)]), half) == 2
    assert limits.overflow_layer(record([0.0, 2 * math.log(20_000)]), limits.format_of("bfloat16")) is None
    assert limits.overflow_layer(record([0.0, math.inf]), limits.format_of("float64")) == 2


def test_underflow() -> None:
    assert limits.underflow_layer(record([0.0, -19.0, -20.0]), limits.format_of("float16")) == 3
    assert limits.underflow_layer(record([0.0, -174.0]), limits.format_of("float32")) is None
    assert limits.underflow_layer(record([0.0, -176.0]), limits.format_of("float32")) == 2


@pytest.mark.parametrize(("dtype", "bound"), [("float32", 3.6e-15), ("float16", 2.4e-7), ("bfloat16", 1.5e-5)])
def test_the_signal_is_lost_below_rounding(dtype: str, bound: float) -> None:
    form = limits.format_of(dtype)
    assert limits.lost_layer(record([5.0, 5.0], [5.0, 5.0 + math.log(bound * 0.9)]), form) == 2
    assert limits.lost_layer(record([5.0, 5.0], [5.0, 5.0 + math.log(bound * 1.1)]), form) is None


def test_a_signal_gone_with_the_forward_is_no_business_of_rounding() -> None:
    assert limits.lost_layer(record([0.0, -math.inf], [0.0, -math.inf]), limits.format_of("float32")) is None


def test_every_format_says_where_it_ends() -> None:
    shrinking = record([-3.0 * i for i in range(100)], [-5.0 * i for i in range(100)])
    assert limits.ends(shrinking) == (
        "float16 underflows at layer 8 and cannot tell inputs apart at layer 9",
        "bfloat16 underflows at layer 60 and cannot tell inputs apart at layer 7",
        "float32 underflows at layer 60 and cannot tell inputs apart at layer 18",
    )
    assert limits.ends(record([0.0, 0.1])) == ()


def test_idle_layers_end_at_adams_epsilon() -> None:
    assert torch.optim.Adam([torch.zeros(1)]).defaults["eps"] == limits.ADAM_EPSILON
    # rms 1e-9, 1e-7: ln of the power
    net = record([0.0] * 3, g=[math.log(1e-18), math.log(1e-14), 0.0])
    assert limits.idle_layer(net) == 1
    heavy = replace(net, layers=tuple(replace(layer, log_weight_gradient=0.0) for layer in net.layers))
    assert limits.idle_layer(heavy) is None
