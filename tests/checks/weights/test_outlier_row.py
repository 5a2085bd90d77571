import pytest
import torch

RULE = "outlier-row"


def test_false_alarms_stay_within_the_budget(ask) -> None:
    from embcheck.subjects.inventory.held import from_tensors
    from embcheck.subjects.inventory.reading import Reading

    torch.manual_seed(7)
    low = 0
    for _ in range(200):
        w = torch.randn(64, 32) * 0.02
        facts = {"reading": Reading(from_tensors({"w": w})[0], w), "padding": frozenset()}
        (evidence,) = ask(RULE, w, facts=facts)
        low += evidence.p_value <= 0.05
    assert low <= 22  # binomial(200, 0.05): more than 22 has a chance of 3e-4


def test_uniform_rows_pass(failing) -> None:
    assert not failing(RULE, {"w": torch.rand(500, 16) - 0.5})


def test_row_of_another_scale_fails(failing) -> None:
    w = torch.randn(200, 64) * 0.02
    w[17] = torch.randn(64)
    (outcome,) = failing(RULE, {"emb.weight": w}).values()
    assert outcome.message.startswith("row 17 ")
    assert 25 < outcome.measured < 90  # 1 / 0.02 = 50, a row of 64 spreads by 9%


def test_trained_tables_whose_rows_differ_are_not_asked(failing) -> None:
    w = torch.randn(200, 64) * torch.rand(200, 1).exp()
    assert not failing(RULE, {"emb.weight": w})


def test_odd_row_of_a_trained_matrix_is_not_asked(failing) -> None:
    w = torch.randn(128, 64).tanh()  # rows alike, and no initializer's law
    w[47] *= 0.5
    assert not failing(RULE, {"w": w})


def test_odd_row_beside_a_fitted_law_is_a_warning(failing) -> None:
    w = torch.randn(2048, 64) * 0.07312
    w[47] *= 3
    assert failing(RULE, {"w": w})["w"].severity.value == "warning"


@pytest.mark.parametrize(("factor", "severity"), [(10.0, "error"), (0.05, "warning")])
def test_a_small_row_dominates_nothing(failing, factor: float, severity: str) -> None:
    w = torch.randn(200, 64) * 0.02
    w[7] *= factor
    assert failing(RULE, {"w": w})["w"].severity.value == severity
