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


def _net() -> nn.Sequential:
    return nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 8))


class Pair(nn.Module):
    def __init__(self, follower: nn.Module, names: tuple[str, str] = ("critic", "critic_target")) -> None:
        super().__init__()
        self.add_module(names[0], _net())
        self.add_module(names[1], follower)


def test_target_networks_start_as_copies(failing) -> None:
    pair = Pair(_net().requires_grad_(False))
    (outcome,) = failing(RULE, pair).values()
    assert (outcome.subject, outcome.severity.value) == ("critic_target", "error")
    pair.critic_target.load_state_dict(pair.critic.state_dict())
    assert not failing(RULE, pair)


def test_a_follower_that_trains_is_known_by_its_name(failing) -> None:
    assert failing(RULE, Pair(_net()))
    assert not failing(RULE, Pair(_net(), ("actor", "critic")))
    assert not failing(RULE, Pair(_net(), ("source_tower", "target_tower")))


def test_a_frozen_twin_of_any_name_is_a_warning(failing) -> None:
    (outcome,) = failing(RULE, Pair(_net().requires_grad_(False), ("predictor", "prior"))).values()
    assert outcome.severity.value == "warning"


def test_other_structures_one_layer_and_trained_weights_are_no_twins(failing) -> None:
    other = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 9))
    assert not failing(RULE, Pair(other.requires_grad_(False)))
    assert not failing(RULE, Pair(nn.Sequential(nn.Linear(12, 24)).requires_grad_(False), ("net", "projection")))
    trained = Pair(_net().requires_grad_(False))
    for p in trained.parameters():
        p.data.copy_(torch.randn(p.shape).pow(3) * 0.1)
    assert not failing(RULE, trained)


def test_all_online_networks_are_asked_for_a_copy(failing) -> None:
    model = Pair(_net())
    model.critic_2 = _net()
    model.critic_target.load_state_dict(model.critic_2.state_dict())
    model.critic_target.requires_grad_(False)
    assert not failing(RULE, model)
