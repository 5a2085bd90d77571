import pytest
import torch
from torch import nn

RULE = "padding-row-not-zero"


@pytest.mark.parametrize("cls", [nn.Embedding, nn.EmbeddingBag])
@pytest.mark.parametrize("padding_idx", [0, 2, -1])
def test_torchs_own_padding_row_is_zero(ask, cls, padding_idx) -> None:
    (evidence,) = ask(RULE, cls(5, 7, padding_idx=padding_idx), "embedding")
    assert evidence.holds
    assert evidence.measured == 0
    assert evidence.n == 7


def test_row_drawn_over_is_caught(ask) -> None:
    layer = nn.Embedding(5, 7, padding_idx=3)
    nn.init.constant_(layer.weight, 0.25)
    (evidence,) = ask(RULE, layer, "embedding", name="emb")
    assert evidence.holds is False
    assert evidence.measured == 0.25
    assert evidence.fix == "with torch.no_grad(): emb.weight[3].zero_()"


def test_smallest_subnormal_and_nan_are_not_zero(ask) -> None:
    for value in (1e-45, float("nan")):
        layer = nn.Embedding(5, 7, padding_idx=1)
        with torch.no_grad():
            layer.weight[1, 4] = value
        (evidence,) = ask(RULE, layer, "embedding")
        assert evidence.holds is False


def test_negative_zero_is_zero(ask) -> None:
    layer = nn.Embedding(5, 7, padding_idx=1)
    with torch.no_grad():
        layer.weight[1] = -0.0
    assert ask(RULE, layer, "embedding")[0].holds


def test_no_padding_idx_no_question(ask) -> None:
    assert ask(RULE, nn.Embedding(5, 7), "embedding") == []
    assert ask(RULE, nn.Embedding(5, 7, padding_idx=0, device="meta"), "embedding") == []
