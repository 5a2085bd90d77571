import pytest
import torch

from embcheck.laws.families import Constant, Normal
from embcheck.runner import Context

RULE = "duplicate-rows"


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("law", [None, Normal(0.0, 1.0)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_sound_matrix_passes(ask, law, dtype) -> None:
    (evidence,) = ask(RULE, torch.randn(500, 40).to(dtype), law=law)
    assert evidence.p_value == 1
    assert evidence.measured == 0


@pytest.mark.parametrize("law", [None, Normal(0.0, 1.0)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_one_pair_is_caught_and_named(ask, law, dtype) -> None:
    x = torch.randn(500, 40).to(dtype)
    x[77] = x[421]
    (evidence,) = ask(RULE, x, law=law)
    assert evidence.p_value < Context().alpha_each
    assert "row 421 equals row 77" in evidence.message


def test_all_rows_equal_is_caught_without_a_law(ask) -> None:
    (evidence,) = ask(RULE, torch.randn(8).repeat(1000, 1))
    assert evidence.p_value < Context().alpha_each
    assert evidence.measured == 999


def test_rows_of_one_value_are_left_to_zero_rows(ask) -> None:
    x = torch.randn(20, 10)
    x[3] = x[5] = 0.0
    x[7] = x[9] = 1.0
    assert ask(RULE, x)[0].measured == 0


def test_binary_table_repeats_by_chance(ask) -> None:
    x = torch.randint(0, 2, (2000, 12)).float()  # 4096 rows are possible
    (evidence,) = ask(RULE, x)
    assert evidence.measured > 0
    assert evidence.p_value == 1


def test_what_is_no_matrix_of_draws_is_not_asked(ask) -> None:
    for x in (torch.randn(10), torch.zeros(5, 5), torch.randn(1, 9), torch.ones(4, 4, dtype=torch.long)):
        assert ask(RULE, x) == []
    assert ask(RULE, torch.randn(5, 5), law=Constant(0.0)) == []


def test_equal_experts_filters_and_columns_are_caught(failing) -> None:
    one = torch.randn(24, 16)
    assert failing(RULE, {"experts.w1": one.expand(4, 24, 16).contiguous()})
    assert failing(RULE, {"conv.weight": torch.cat([torch.randn(6, 4, 3, 3)] * 2)})
    half = torch.randn(32, 40)
    assert failing(RULE, {"down.weight": torch.cat([half, half], 1)})
    assert not failing(RULE, {"experts.w1": torch.randn(4, 24, 16), "down.weight": torch.randn(32, 80)})


def test_rows_in_order_come_from_a_formula(failing) -> None:
    assert not failing(RULE, {"A_log": torch.arange(1, 9).float().log().repeat(32, 1)})
    assert failing(RULE, {"A": torch.randn(8).repeat(32, 1)})


def test_zeros_of_either_sign_are_one_value(failing) -> None:
    w = torch.randn(64, 8)
    w[[3, 40]] *= 0.0  # as a mask leaves them: some are -0.0
    w[40] = w[3]
    assert not failing(RULE, {"w": w})


def test_words_that_were_given_a_constant_are_one_word(failing) -> None:
    def table(rows: dict[int, float]) -> torch.nn.Module:
        vectors = torch.randn(60, 12) * 0.3
        for row, number in rows.items():
            vectors[row] = number
        return torch.nn.Sequential(torch.nn.Embedding.from_pretrained(vectors, freeze=False))

    (outcome,) = failing(RULE, table({4: 0.01, 9: 0.01, 30: 0.01})).values()
    assert outcome.measured == 3
    assert "rows 4, 9, 30" in outcome.message
    assert not failing(RULE, table({4: 0.01}))  # an unknown word's
    assert not failing(RULE, table({4: 0.01, 9: 0.02, 30: 0.03}))
    assert not failing(RULE, table({4: 0.0, 9: 0.0}))  # zero-rows speaks of these
