import copy

import torch
from torch import nn

RULE = "replica-mismatch"


def test_equal_replicas_pass(failing) -> None:
    net = nn.Linear(4, 4)
    assert not failing(RULE, net, reference=copy.deepcopy(net))
    assert not failing(RULE, nn.ModuleDict({"rank0": net, "rank1": copy.deepcopy(net)}))


def test_another_rank_that_differs_fails(failing) -> None:
    assert set(failing(RULE, nn.Linear(4, 4), reference=nn.Linear(4, 4))) == {"weight", "bias"}


def test_replicas_within_one_module(failing) -> None:
    net = nn.ModuleDict({"replica0": nn.Linear(4, 4), "replica1": nn.Linear(4, 4)})
    assert "replica0.weight" in failing(RULE, net)


def test_other_numbered_layers_may_differ(failing) -> None:
    assert not failing(RULE, nn.Sequential(*[nn.Linear(4, 4) for _ in range(3)]))
    assert not failing(RULE, nn.ModuleDict({"layer0": nn.Linear(4, 4), "layer1": nn.Linear(4, 4)}))


def test_factories_are_built_with_one_seed(failing) -> None:
    assert not failing(RULE, lambda: nn.Linear(4, 4), reference=lambda: nn.Linear(4, 4))
    ranks = iter(range(100))

    def on_a_rank() -> nn.Module:
        torch.manual_seed(1000 + next(ranks))
        return nn.Linear(4, 4)

    assert failing(RULE, on_a_rank, reference=on_a_rank)
