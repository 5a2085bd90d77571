"""Arithmetic in declarations, and everything that is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embcheck.errors import UsageError
from embcheck.laws.expressions import evaluate, parse_slice
from embcheck.laws.spelling import spell

NAMES = {"fan_in": lambda: 64.0, "h": lambda: 5.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.02/sqrt(2*12)", 0.02 / math.sqrt(24)),
        ("-1/sqrt(fan_in)", -0.125),
        ("2**-3 + +1", 1.125),
        ("pi/h", math.pi / 5),
        ("log(expm1(0.1))", math.log(math.expm1(0.1))),
        ("calculate_gain('leaky_relu', 0.2)", math.sqrt(2 / 1.04)),
        ("exp(1) - 1", math.e - 1),
    ],
)
def test_arithmetic(text, value):
    assert evaluate(text, NAMES) == pytest.approx(value, rel=1e-15)


def test_quoted_words_pass_through():
    assert evaluate("'relu'", {}) == "relu"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('x')",
        "(1).__class__",
        "[1, 2]",
        "lambda: 1",
        "x",
        "True",
        "1j",
        "1 if 1 else 2",
        "'a' + 'b'",
        "sqrt(x=2)",
        "sqrt",
        "f'{1}'",
        "1 < 2",
        "1;2",
        "",
        "(" * 300,
        "-" * 400 + "1" * 400,
        "9**9**9**9",
        "1/0",
        "sqrt(-1)",
        "(-1)**0.5",
        "sqrt()",
        "sqrt('a')",
        "1e999",
        "\x00",
        "fan_out",
    ],
)
def test_refusals_are_one_sentence(text):
    with pytest.raises(UsageError) as caught:
        evaluate(text, NAMES)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_crashes(text):
    try:
        value = evaluate(text, NAMES)
    except UsageError:
        return
    assert isinstance(value, str) or math.isfinite(value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[h:2h]", (slice(5, 10),)),
        ("[:, 3:]", (slice(None), slice(3, None))),
        ("[-h:]", (slice(-5, None),)),
        ("[ 2*(h+1) : 3 (h+1) ]", (slice(12, 18),)),
    ],
)
def test_slices(text, wanted):
    assert parse_slice(text, NAMES) == wanted


@pytest.mark.parametrize("text", ["h:2h", "[h]", "[1:2:3]", "[h/2:]", "[a:b]", "[]", "['x':]"])
def test_slices_refuse(text):
    with pytest.raises(UsageError):
        parse_slice(text, NAMES)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_spelling_reads_back_exactly(value):
    assert evaluate(spell(value), {}) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.sqrt(5), "sqrt(5)"),
        (1 / math.sqrt(12), "1/sqrt(12)"),
        (5 / 3, "5/3"),
        (-math.sqrt(2), "-sqrt(2)"),
        (0.02, "0.02"),
        (1.414, "1.414"),
        (3.0, "3"),
        (1e-5, "1e-05"),
        (0.02 / math.sqrt(24), repr(0.02 / math.sqrt(24))),
        (-0.0, "0"),
    ],
)
def test_spelling_is_what_an_author_writes(value, text):
    assert spell(value) == text
