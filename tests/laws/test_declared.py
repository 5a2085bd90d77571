"""A law as typed, and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from embcheck.errors import UsageError
from embcheck.laws.declared import parse
from embcheck.laws.families import (
    Any,
    Constant,
    Dirac,
    Eye,
    Normal,
    Orthogonal,
    Padded,
    Sparse,
    TruncatedNormal,
    Uniform,
    Uninitialised,
    Within,
)
from embcheck.laws.fans import NONLINEARITIES
from embcheck.laws.initializers import law_of


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("normal(0, 0.02)", Normal(0, 0.02)),
        ("normal(0, 0.02/sqrt(2*12))", Normal(0, 0.02 / math.sqrt(24))),
        ("normal(std=1/sqrt(fan_in))", Normal(0, 0.125)),
        ("uniform(-1/sqrt(fan_out), 1/sqrt(fan_out))", Uniform(-0.25, 0.25)),
        ("xavier_uniform(gain=1.414)", Uniform(-1.414 * math.sqrt(6 / 80), 1.414 * math.sqrt(6 / 80))),
        ("kaiming_normal_(mode='fan_out', nonlinearity='relu')", Normal(0, math.sqrt(2) / 4)),
        ("trunc_normal(std=0.02, a=-0.04, b=0.04)", TruncatedNormal(0, 0.02, -0.04, 0.04)),
        ("zeros", Constant(0)),
        ("any()", Any()),
        ("orthogonal(gain=calculate_gain('tanh'))", Orthogonal(5 / 3, 16, 64)),
        ("padded(normal(), -1)", Padded(Normal(), 15)),
        ("padded(normal(), padding_idx=0)", Padded(Normal(), 0)),
        ("within(log(expm1(0.001)), log(expm1(0.1)))", Within(math.log(math.expm1(0.001)), math.log(math.expm1(0.1)))),
    ],
)
def test_declarations(text, law):
    found = parse(text).law((16, 64))
    assert found == law or found.support == pytest.approx(law.support, rel=1e-15)


def test_a_computed_parameter_is_shown_as_typed():
    assert str(parse("normal(0, 0.02/sqrt(2*12))").law((3, 4))) == "normal(0, 0.02/sqrt(2*12))"
    assert parse("normal(0, 0.02/sqrt(2*12))").law((3, 4)).describe().endswith("N(0, 0.004082²)")


def test_layout_decides_the_fans():
    assert parse("kaiming_normal(nonlinearity='linear')").law((4, 100), layout="in,out").std == 0.5
    assert parse("normal(0, 1/sqrt(fan_in))").law((2, 4, 100), layout="e,in,out").std == 0.5


def test_default_and_h_ask_the_layer():
    linear, lstm = nn.Linear(64, 3), nn.LSTM(8, 16)
    assert parse("default()").law((3, 64), linear, "fc.weight") == Uniform(-0.125, 0.125)
    assert parse("normal(0, 1/sqrt(fan_in))").law((3,), linear, "fc.bias").std == 0.125
    assert parse("uniform(-1/sqrt(h), 1/sqrt(h))").law((64,), lstm, "bias_hh_l0") == Uniform(-0.25, 0.25)
    assert parse("normal(0, 1/sqrt(h))").law((64, 16), None, "rnn.weight_hh_l0").std == 0.25


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("xavier_unifrom()", "did you mean xavier_uniform"),
        ("0.02", "is no law"),
        ("normal(0, x)", "'x' is not known"),
        ("os.system('x')", "is no law"),
        ("normal(*h)", "stars"),
        ("normal(**h)", "stars"),
        ("normal(zeros())", "not arithmetic"),
        ("padded(normal())", "takes a law and a row"),
        ("padded(3, 1)", "is no law"),
        ("normal(0 0.02)", "cannot be read"),
        ("", "cannot be read"),
        ("normal((lambda: 1)())", "not arithmetic"),
    ],
)
def test_refused_when_read(text, says):
    with pytest.raises(UsageError, match=says) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shape", "says"),
    [
        ("xavier_uniform()", (3,), "at least 2"),
        ("normal(0, 1, 2)", (3,), "too many"),
        ("normal(0, -1)", (3,), "std positive"),
        ("default()", (3, 4), "needs the live layer"),
        ("padded(normal(), 3)", (3, 4), "not a row"),
        ("padded(normal(), 0.5)", (3, 4), "not a row"),
        ("normal(0, h)", (3, 4), "h is the hidden size"),
        ("normal(0, 1/fan_in)", (3,), "at least 2"),
    ],
)
def test_refused_for_a_tensor(text, shape, says):
    with pytest.raises(UsageError, match=says):
        parse(text).law(shape)


def test_default_of_a_layer_without_promise():
    with pytest.raises(UsageError, match="documents no default for 'weight' of ReLU"):
        parse("default()").law((3, 4), nn.ReLU(), "weight")


numbers = st.floats(-100, 100)
positive = st.floats(1e-6, 100)
gains = st.one_of(positive, st.sampled_from([1.0, math.sqrt(2), 5 / 3, 0.75, 1.414]))
LAWS = st.one_of(
    st.builds(Normal, numbers, positive),
    st.builds(lambda low, width: Uniform(low, low + width), numbers, positive),
    st.builds(lambda m, s, k: TruncatedNormal(m, s, m - k * s, m + 3 * s), numbers, positive, st.floats(0.5, 5)),
    st.builds(Constant, numbers),
    st.builds(lambda g: law_of("xavier_uniform", (24, 16), gain=g), gains),
    st.builds(lambda g: law_of("xavier_normal", (24, 16), gain=g), gains),
    st.builds(lambda g: law_of("orthogonal", (24, 16), gain=g), gains),
    st.builds(
        lambda kind, a, mode, f: law_of(f"kaiming_{kind}", (24, 16), a=a, mode=mode, nonlinearity=f),
        st.sampled_from(["uniform", "normal"]),
        gains,
        st.sampled_from(["fan_in", "fan_out"]),
        st.sampled_from(NONLINEARITIES),
    ),
    st.builds(
        lambda s, mode, d: law_of("variance_scaling", (24, 16), s, mode, d),
        positive,
        st.sampled_from(["fan_in", "fan_out", "fan_avg", "fan_geo_avg"]),
        st.sampled_from(["truncated_normal", "untruncated_normal", "normal", "uniform"]),
    ),
    st.builds(lambda s, std: Sparse(s, std, 24), st.floats(0.01, 0.99), positive),
    st.builds(lambda low, width: Within(low, low + width), numbers, positive),
    st.sampled_from([Eye(), Any(), Uninitialised(), Uniform(0, 1, open_right=True)]),
)


@given(st.one_of(LAWS, st.builds(lambda law, row: Padded(law, row), LAWS, st.integers(0, 23))))
def test_what_a_law_is_called_is_what_one_types(law):
    found = parse(str(law)).law((24, 16))
    assert found == law
    assert str(found) == str(law)


def test_dirac_reads_back():
    for groups in (1, 4):
        assert parse(str(Dirac(groups))).law((8, 4, 3)) == Dirac(groups)
