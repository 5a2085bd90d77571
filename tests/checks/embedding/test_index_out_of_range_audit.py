import torch
from torch import nn

RULE = "index-out-of-range"


def test_ids_within_the_table_pass(failing) -> None:
    assert not failing(RULE, nn.Sequential(nn.Embedding(10, 4)), used_ids=[0, 9, 3])


def test_ids_beyond_and_below_fail(failing) -> None:
    for ids in ([3, 10], torch.tensor([[-1, 2]]), {3, 12}):
        assert set(failing(RULE, nn.Sequential(nn.Embedding(10, 4)), used_ids=ids)) == {"0.weight"}


def test_ids_by_table(failing) -> None:
    net = nn.ModuleDict({"user": nn.Embedding(10, 4), "item": nn.Embedding(20, 4)})
    assert not failing(RULE, net, used_ids={"user": [9], "item": [19]})
    assert set(failing(RULE, net, used_ids={"user": [19], "item": [19]})) == {"user.weight"}
