import pytest
import torch
from torch import nn

RULE = "init-not-applied"


def initialised(layers: int = 8, skip: tuple[int, ...] = (), std: float = 0.02) -> nn.Module:
    net = nn.Sequential(*[nn.Linear(64, 64) for _ in range(layers)])
    for i, layer in enumerate(net):
        if i not in skip:
            nn.init.normal_(layer.weight, 0, std)
            nn.init.zeros_(layer.bias)
    return net


def test_one_recipe_passes_and_so_do_defaults(failing) -> None:
    assert not failing(RULE, initialised())
    assert not failing(RULE, nn.Sequential(*[nn.Linear(64, 64) for _ in range(8)]))
    assert not failing(RULE, initialised(), expect={"*.weight": "normal(0, 0.02)", "*.bias": "zeros()"})


def test_the_layer_that_kept_its_default_fails(failing) -> None:
    found = failing(RULE, initialised(skip=(5,)))
    assert set(found) == {"5.weight", "5.bias"}
    assert {o.severity.value for o in found.values()} == {"warning"}


def test_declared_initializer_that_never_ran_is_an_error(failing) -> None:
    found = failing(RULE, initialised(skip=(2,)), expect={"*.weight": "normal(0, 0.02)", "*.bias": "zeros()"})
    assert {"2.weight", "2.bias"} <= set(found)
    assert found["2.weight"].severity.value == "error"


def test_wrong_but_initialised_is_not_this_rule(failing) -> None:
    found = failing(RULE, initialised(std=0.03), expect={"*.weight": "normal(0, 0.02)", "*.bias": "zeros()"})
    assert not found


def test_the_one_of_another_family_fails(failing) -> None:
    net = initialised()
    nn.init.uniform_(net[3].weight, -0.02 * 3**0.5, 0.02 * 3**0.5)
    assert set(failing(RULE, net)) == {"3.weight"}


@pytest.mark.slow
def test_false_alarms_over_seeds(failing) -> None:
    for seed in range(40):
        torch.manual_seed(seed)
        assert not failing(RULE, initialised())
