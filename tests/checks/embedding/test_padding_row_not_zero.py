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


def test_the_mean_of_all_rows_is_a_padding_vector(ask) -> None:
    for dtype in (torch.float32, torch.bfloat16):
        emb = nn.Embedding(300, 16, padding_idx=7, dtype=dtype)
        with torch.no_grad():
            others = torch.cat([emb.weight[:7], emb.weight[8:]])
            emb.weight[7] = others.float().mean(0)
            (found,) = ask(RULE, emb, "embedding")
            assert found.holds
            emb.weight[7, 0] += 0.5
            (found,) = ask(RULE, emb, "embedding")
            assert not found.holds


class ByHand(nn.Module):
    def __init__(self, zero: bool) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(30, 8))
        if zero:
            self.table.data[2] = 0

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return nn.functional.embedding(ids, self.table, padding_idx=2).sum(1)


def test_a_row_that_only_the_lookup_declares(failing) -> None:
    ids = (torch.tensor([[1, 2], [4, 2]]),)
    assert set(failing(RULE, ByHand(zero=False), inputs=ids)) == {"table"}
    assert not failing(RULE, ByHand(zero=True), inputs=ids)
    assert not failing(RULE, ByHand(zero=False))


class Nested(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Module()
        self.model.tables = nn.ModuleList([nn.Embedding(30, 8, padding_idx=0)])
        nn.init.normal_(self.model.tables[0].weight)


def test_the_fix_names_the_path_of_the_table(failing) -> None:
    model = Nested()
    (found,) = failing(RULE, model).values()
    assert found.fix == "with torch.no_grad(): model.model.tables[0].weight[0].zero_()"
    exec(found.fix, {"torch": torch, "model": model})  # the line as a user would paste it
    assert not failing(RULE, model)
    (alone,) = failing(RULE, nn.Embedding.from_pretrained(torch.ones(4, 2), padding_idx=0)).values()
    assert alone.fix == "with torch.no_grad(): model.weight[0].zero_()"
