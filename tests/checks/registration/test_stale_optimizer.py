import torch
from torch import nn

RULE = "stale-optimizer"


def test_fresh_optimizer_passes(failing) -> None:
    net = nn.Linear(4, 4)
    assert not failing(RULE, net, optimizer=torch.optim.SGD(net.parameters(), lr=0.1))


def test_replaced_head_fails(failing) -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    optimizer = torch.optim.Adam(net.parameters())
    net[1] = nn.Linear(4, 3)
    found = failing(RULE, net, optimizer=optimizer)
    (outcome,) = found.values()
    assert outcome.severity.value == "error"


def test_parameter_left_out_is_a_warning_and_a_frozen_one_is_not(failing) -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(net[0].parameters(), lr=0.1)
    assert {o.severity.value for o in failing(RULE, net, optimizer=optimizer).values()} == {"warning"}
    net[1].requires_grad_(False)
    assert not failing(RULE, net, optimizer=optimizer)
