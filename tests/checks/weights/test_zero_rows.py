import pytest
import torch
from torch import nn

RULE = "zero-rows"


def table(missing: list[int], padding: int | None = None) -> nn.Module:
    vectors = torch.randn(40, 12)
    vectors[missing] = 0
    return nn.Sequential(nn.Embedding.from_pretrained(vectors, freeze=False, padding_idx=padding))


def test_full_and_padded_tables_pass(failing) -> None:
    assert not failing(RULE, table([]))
    assert not failing(RULE, table([3], padding=3))


@pytest.mark.parametrize(("missing", "padding"), [([4, 7, 9], None), ([0, 3], 0)])
def test_words_that_were_not_found_fail(failing, missing, padding) -> None:
    (outcome,) = failing(RULE, table(missing, padding)).values()
    assert outcome.measured == len(missing) - (padding is not None)
    assert outcome.severity.value == "error"


def test_the_only_zero_row_may_be_a_padding_row_that_nobody_declared(failing) -> None:
    (outcome,) = failing(RULE, table([0])).values()
    assert outcome.severity.value == "warning"


def test_patterns_are_not_asked(failing) -> None:
    for w in (torch.eye(6, 9), torch.zeros(4, 5), nn.init.dirac_(torch.empty(4, 4, 3))):
        assert not failing(RULE, {"w": w})


def test_pruned_rows_of_trained_weights_are_a_warning(failing) -> None:
    w = torch.randn(64, 64) ** 3 + 0.3  # follows no initializer
    w[5] = 0
    assert failing(RULE, {"w": w})["w"].severity.value == "warning"


def test_zero_rows_of_few_elements_are_a_warning(failing) -> None:
    w = torch.randn(16, 16)
    w[5] = 0
    assert failing(RULE, {"w": w})["w"].severity.value == "warning"


def test_zero_rows_of_a_trained_table_in_a_file_are_a_warning(failing) -> None:
    table = torch.randn(64, 64) ** 3
    table[[4, 9]] = 0
    assert failing(RULE, {"emb.weight": table})["emb.weight"].severity.value == "warning"


def test_tiny_rows_are_not_zero(failing) -> None:
    w = torch.randn(8, 8)
    w[2] = 1e-30  # its square underflows
    assert not failing(RULE, {"w": w})
