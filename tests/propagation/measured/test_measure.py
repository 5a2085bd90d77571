"""The streamed measurement against networks built the plain way, against theory, and where numbers end."""

from __future__ import annotations

import math
import tracemalloc

import pytest
import torch

from embcheck.propagation.measured.functional import apply
from embcheck.propagation.measured.measure import Stream, measure
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.weights import Bias, Initializer


def stream(
    init: str = "kaiming_normal", gain: float | None = None, depth: int = 6, width: int = 48, **kwargs
) -> Stream:
    bias = kwargs.pop("bias", "0")
    return Stream(Initializer(init, gain), Bias(bias), (width,) * (depth + 1), **kwargs)


def plain(s: Stream, name: str, replicate: int, inputs: int) -> tuple[list[float], list[float], list[float]]:
    """ln q, ln s and ln of the tangents' power of the same network, with its Jacobian by autograd, in float64."""
    f = activation(name)
    x = torch.randn(inputs, s.widths[0], generator=s.generator(replicate, "inputs")).double()
    rows = s.shape(1)[0]
    t = torch.randn(inputs, rows, generator=s.generator(replicate, "tangents")).double()
    q, v, p = [], [], []
    h = x
    for layer in range(1, s.depth + 1):
        generator = s.generator(replicate, layer)
        w = s.init.fill(torch.empty(s.shape(layer)), generator).double()
        b = s.draw_bias(*s.shape(layer), generator)
        bias = torch.zeros(1) if b is None else b.double()
        if layer == 1:
            h = x @ w.t() + bias
        else:
            h, t = torch.autograd.functional.jvp(lambda z, w=w, bias=bias: apply(f, z) @ w.t() + bias, h, t)
        q.append(h.square().mean(dim=1).log().mean().item())
        v.append(h.var(dim=0).mean().log().item())
        p.append(t.square().mean(dim=1).log().mean().item())
    return q, v, [x - p[0] for x in p]


@pytest.mark.parametrize("bias", ["0", "0.3", "default"])
@pytest.mark.parametrize("name", ["relu", "tanh", "gelu", "leaky_relu(0.2)", "hardtanh", "swiglu", "softplus"])
def test_it_is_the_network_that_autograd_sees(name: str, bias: str) -> None:
    s = stream(bias=bias, gated=activation(name).gated)
    (reading,) = measure(s, [activation(name)], replicate=1, inputs=8)
    q, v, t = plain(s, name, 1, 8)
    assert reading.log_q == pytest.approx(q, abs=2e-4)
    assert reading.log_s == pytest.approx(v, abs=2e-4)
    assert reading.log_t == pytest.approx(t, abs=2e-4)


def test_riders_do_not_disturb_each_other() -> None:
    names = ["relu", "tanh", "softshrink", "relu2"]
    together = measure(stream(), [activation(n) for n in names], 0)
    alone = [measure(stream(), [activation(n)], 0)[0] for n in names]
    for a, b in zip(together, alone, strict=True):
        assert a.log_q == pytest.approx(b.log_q, abs=1e-4)
        assert a.log_t == pytest.approx(b.log_t, abs=1e-4)


def test_dead_and_saturated_are_counted() -> None:
    (reading,) = measure(stream(bias="normal(-100, 0)"), [activation("relu")], 0)
    assert reading.dead[0] == 1.0
    (reading,) = measure(stream("normal", depth=2, width=400), [activation("tanh")], 0)
    # h ~ N(0, 400): |tanh'| < 0.1 beyond |h| = 1.8184
    assert reading.saturated[0] == pytest.approx(math.erfc(1.8184 / 20 / math.sqrt(2)), abs=0.01)
    (reading,) = measure(stream(depth=2), [activation("gelu")], 0)
    assert reading.dead == []
    assert reading.saturated == []


@pytest.mark.parametrize(
    ("name", "gain", "depth"),
    [
        ("relu", 1.0, 10_000),
        ("relu", 4.0, 1500),
        ("leaky_relu(0.2)", 1.0, 1500),
        ("gelu", 0.5, 1500),
        ("elu", 3.0, 1500),
    ],
)
def test_ten_thousand_layers_neither_overflow_nor_underflow(name: str, gain: float, depth: int) -> None:
    """Typical growth per layer: ln(sw2 V/q) - c/(2n) at the end that q tends to, to within sqrt(c/(nL))."""
    width = 16
    (reading,) = measure(stream("xavier_normal", gain, depth, width), [activation(name)], 0, inputs=2)
    assert len(reading.log_q) == depth
    assert all(map(math.isfinite, reading.log_q + reading.log_s + reading.log_t))
    slopes = {"relu": (1.0, 0.0), "leaky_relu(0.2)": (1.0, 0.2), "gelu": (0.5, 0.5), "elu": (1.0, 0.0)}[name]
    power = sum(s * s for s in slopes) / 2
    c = 3 * sum(s**4 for s in slopes) / 2 / power**2 - 1
    rate = (reading.log_q[-1] - reading.log_q[depth // 2]) / (depth - 1 - depth // 2)
    # second and third order in c / n matter at width 16
    assert rate == pytest.approx(math.log(gain**2 * power) - c / (2 * width), abs=0.08)


def test_a_deep_tanh_stays_where_theory_has_it() -> None:
    (reading,) = measure(stream("xavier_normal", 1.5, 2000, 16), [activation("tanh")], 0, inputs=2)
    assert all(map(math.isfinite, reading.log_q + reading.log_t))
    assert abs(reading.log_q[-1]) < 3


def test_a_degree_above_one_overflows_and_says_where() -> None:
    (reading,) = measure(stream("normal", depth=12, width=64), [activation("relu2")], 0)
    assert 3 <= reading.first_bad <= 8
    assert len(reading.log_q) == 12
    assert reading.log_q[-1] == math.inf


def test_exact_zero_is_minus_infinity_not_an_error() -> None:
    (reading,) = measure(stream("xavier_normal", 0.01, 5), [activation("softshrink")], 0)
    assert reading.log_q[-1] == -math.inf
    assert reading.log_s[-1] == -math.inf
    assert reading.first_bad == 0


def test_a_signal_below_rounding_is_followed_by_the_tangents() -> None:
    """Sigmoid loses a factor of 0.0557 a layer: after 30 layers inputs differ by 1e-38 of what float32 can resolve."""
    (reading,) = measure(stream("xavier_normal", None, 30, 256), [activation("sigmoid")], 0)
    late = (reading.log_s[-1] - reading.log_s[10]) / 19
    assert late == pytest.approx(math.log(0.055721), abs=0.03)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_dtypes(dtype: torch.dtype) -> None:
    for init in ("kaiming_normal", "orthogonal"):
        (reading,) = measure(stream(init, 1.5, 20, dtype=dtype), [activation("tanh")], 0)
        (exact,) = measure(stream(init, 1.5, 20), [activation("tanh")], 0)
        # other dtypes draw other numbers from the same seed
        assert reading.log_q[-1] == pytest.approx(exact.log_q[-1], abs=0.6)


def test_it_is_reproducible_and_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    a, b = (measure(stream(), [activation("relu")], 3)[0] for _ in range(2))
    assert a == b
    assert torch.equal(before, torch.get_rng_state())
    assert measure(stream(), [activation("relu")], 4)[0] != a
    assert measure(stream(seed=1), [activation("relu")], 3)[0] != a


def test_memory_does_not_grow_with_depth() -> None:
    def peak(depth: int) -> int:
        tracemalloc.start()
        measure(stream(depth=depth, width=64), [activation("relu")], 0)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    # Python keeps a few floats a layer; what torch holds is one weight and 32 rows
    assert peak(400) - peak(100) < 300 * 2000
