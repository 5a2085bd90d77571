import torch
from torch import nn

from embcheck.results import Severity

RULE = "unexpected-zero-row"


def test_fresh_tables_are_sound(ask) -> None:
    for layer in (nn.Embedding(50, 4), nn.Embedding(50, 4, padding_idx=7), nn.EmbeddingBag(50, 4, padding_idx=-1)):
        (evidence,) = ask(RULE, layer, "embedding")
        assert evidence.holds


def test_wrong_row_zeroed_is_caught_and_named(ask) -> None:
    layer = nn.Embedding(50, 4, padding_idx=1)
    with torch.no_grad():
        layer.weight[0] = 0
    (evidence,) = ask(RULE, layer, "embedding")
    assert evidence.holds is False
    assert evidence.measured == 1
    assert "row 0" in evidence.message
    assert "padding_idx is 1" in evidence.message
    assert evidence.severity is None  # the rule's own: an error


def test_the_only_zero_row_may_be_a_padding_row_that_nobody_declared(ask) -> None:
    layer = nn.Embedding(50, 4)
    with torch.no_grad():
        layer.weight[0] = 0
    (evidence,) = ask(RULE, layer, "embedding")
    assert evidence.holds is False
    assert evidence.severity is Severity.WARNING


def test_many_rows_are_counted_and_five_named(ask) -> None:
    layer = nn.Embedding(50, 4)
    with torch.no_grad():
        layer.weight[10:20] = 0
    (evidence,) = ask(RULE, layer, "embedding")
    assert evidence.measured == 10
    assert "10, 11, 12, 13, 14, ..." in evidence.message


def test_all_zero_table_is_another_rules_business(ask) -> None:
    layer = nn.Embedding(5, 4, padding_idx=0)
    nn.init.zeros_(layer.weight)
    assert ask(RULE, layer, "embedding") == []
    assert ask(RULE, nn.Embedding(5, 4, device="meta"), "embedding") == []
