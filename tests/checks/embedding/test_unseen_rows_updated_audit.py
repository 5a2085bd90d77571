import pytest
import torch
from torch import nn

RULE = "unseen-rows-updated"


@pytest.mark.parametrize(
    ("kind", "options", "sparse", "moves"),
    [
        (torch.optim.SGD, {"lr": 0.1}, False, False),
        (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}, False, True),
        (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}, False, True),
        (torch.optim.Adagrad, {}, False, False),
        (torch.optim.Adam, {}, False, True),
        (torch.optim.AdamW, {}, False, True),
        (torch.optim.SparseAdam, {}, True, False),
    ],
)
def test_known_optimizers(failing, kind, options, sparse, moves) -> None:
    net = nn.Sequential(nn.Embedding(20, 4, sparse=sparse))
    found = failing(RULE, net, optimizer=kind(net.parameters(), **options))
    assert bool(found) is moves


def test_the_model_is_not_stepped(failing) -> None:
    net = nn.Sequential(nn.Embedding(20, 4))
    before = net[0].weight.detach().clone()
    optimizer = torch.optim.Adam(net.parameters())
    failing(RULE, net, optimizer=optimizer)
    assert torch.equal(net[0].weight, before)
    assert not optimizer.state
