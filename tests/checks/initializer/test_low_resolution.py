import pytest
import torch

from embcheck.laws.families import Normal, Uniform
from embcheck.results import Severity
from embcheck.runner import Context

RULE = "low-resolution"
UNIT = Uniform(0.0, 1.0, open_right=True)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("n", [2, 1000, 30_000, 300_000])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_float32_draws_in_any_dtype_pass(ask, n, dtype) -> None:
    for x, law in ((torch.rand(n).to(dtype), UNIT), ((torch.randn(n) * 0.02).to(dtype), Normal(0.0, 0.02))):
        (evidence,) = ask(RULE, x, law=law)
        assert evidence.p_value > 1e-3
        assert evidence.measured == pytest.approx(evidence.expected, rel=0.1, abs=1)


def test_256_levels_in_bfloat16_are_caught(ask) -> None:
    x = (torch.randint(0, 256, (30_000,)) / 256).bfloat16()
    (evidence,) = ask(RULE, x, law=UNIT)
    assert evidence.p_value < Context().alpha_each
    assert evidence.measured == 256
    assert evidence.severity is None
    assert evidence.expected > 1000
    assert "256 different values among 30,000" in evidence.message


def test_scaling_in_low_precision_is_a_note(ask) -> None:
    x = torch.randn(30_000).bfloat16() * 0.02
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    assert evidence.p_value < Context().alpha_each
    assert evidence.severity is Severity.NOTE


def test_values_that_are_missing_in_float32_are_a_warning(ask) -> None:
    x = torch.randint(0, 2**18, (300_000,)) / 2**18  # 2^18 levels where nearly all of 300,000 draws differ
    (evidence,) = ask(RULE, x, law=UNIT)
    assert evidence.measured > evidence.expected / 2
    assert evidence.severity is Severity.WARNING


@pytest.mark.parametrize(("bits", "caught"), [(16, True), (18, True), (24, False)])
def test_bits_of_a_float32_generator(ask, bits, caught) -> None:
    x = torch.randint(0, 2**bits, (30_000,)) / 2**bits
    (evidence,) = ask(RULE, x, law=UNIT)
    assert (evidence.p_value < Context().alpha_each) is caught


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_false_alarms(false_alarms, dtype) -> None:
    assert false_alarms(RULE, lambda: torch.rand(2000).to(dtype), Uniform(0.0, 1.0)) <= 0.05 + 4 * 0.0154


def test_no_law_no_question(ask) -> None:
    assert ask(RULE, torch.randn(10)) == []
