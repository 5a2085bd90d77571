import copy

import torch
from torch import nn

RULE = "identical-parameters"


def test_independent_layers_and_tied_weights_pass(failing) -> None:
    net = nn.Sequential(*[nn.Linear(8, 8) for _ in range(5)])
    net[4].weight = net[0].weight
    assert not failing(RULE, net)


def test_deep_copies_are_a_warning(failing) -> None:
    layer = nn.Linear(8, 8, bias=False)
    (outcome,) = failing(RULE, nn.Sequential(*[copy.deepcopy(layer) for _ in range(4)])).values()
    assert outcome.severity.value == "warning"
    assert outcome.measured == 4


def test_some_copies_in_a_stack_are_an_error(failing) -> None:
    net = nn.Sequential(*[nn.Linear(8, 8, bias=False) for _ in range(6)])
    net[3].load_state_dict(net[1].state_dict())
    (outcome,) = failing(RULE, net).values()
    assert outcome.severity.value == "error"
    assert "1.weight" in outcome.message and "3.weight" in outcome.message


def test_copies_up_to_a_factor_are_found(failing) -> None:
    w = torch.randn(16, 16)
    assert failing(RULE, {"a.0.weight": w, "a.1.weight": 0.5 * w})


def test_target_networks_are_a_note(failing) -> None:
    online = nn.Linear(8, 8)
    net = nn.ModuleDict({"online": online, "target": copy.deepcopy(online)})
    assert {o.severity.value for o in failing(RULE, net).values()} == {"note"}


def test_constants_and_formula_tables_pass(failing) -> None:
    ramp = torch.linspace(0, 1, 64)
    assert not failing(RULE, {"a.0.w": ramp, "a.1.w": ramp.clone(), "a.0.b": torch.zeros(64), "a.1.b": torch.zeros(64)})
