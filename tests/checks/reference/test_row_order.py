import torch
from torch import nn

RULE = "row-order"


def test_rows_in_place_pass(failing) -> None:
    table = torch.randn(50, 8)
    assert not failing(RULE, {"emb.weight": table}, reference={"emb.weight": table.clone()})


def test_permuted_and_shifted_rows_fail(failing) -> None:
    table = torch.randn(50, 8)
    for moved in (table[torch.randperm(50)], table.roll(1, 0)):
        (outcome,) = failing(RULE, {"emb.weight": moved}, reference={"emb.weight": table}).values()
        assert outcome.measured > 0.9


def test_other_rows_are_not_an_order(failing) -> None:
    assert not failing(RULE, {"emb.weight": torch.randn(50, 8)}, reference={"emb.weight": torch.randn(50, 8)})


def test_layer_of_a_model(failing) -> None:
    model = nn.Sequential(nn.Embedding(30, 4))
    state = {"0.weight": model[0].weight.detach().flip(0)}
    assert set(failing(RULE, model, reference=state)) == {"0.weight"}
