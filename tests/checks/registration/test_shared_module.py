import copy

import torch
from torch import nn

RULE = "shared-module"


class Layer(nn.Module):
    def __init__(self, ff: nn.Module) -> None:
        super().__init__()
        self.mix, self.ff = nn.Linear(4, 4), ff


def test_layers_of_their_own_pass(failing) -> None:
    act = nn.ReLU()  # without parameters, may sit anywhere
    assert not failing(RULE, nn.Sequential(nn.Linear(4, 4), act, nn.Linear(4, 4), act))
    assert not failing(RULE, nn.ModuleList([Layer(nn.Linear(4, 4)) for _ in range(3)]))


def test_one_layer_in_every_element_fails_once(failing) -> None:
    ff = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 4))
    found = failing(RULE, nn.ModuleList([Layer(ff) for _ in range(3)]))
    assert set(found) == {"0.ff"}  # and not again for what is inside of it
    assert found["0.ff"].measured == 3


def test_list_times_n_fails(failing) -> None:
    (outcome,) = failing(RULE, nn.ModuleList([nn.Linear(4, 4)] * 5)).values()
    assert outcome.measured == 5


def test_table_shared_by_name_passes(failing) -> None:
    table = nn.Embedding(10, 4)
    encoder, decoder = nn.ModuleDict({"embed": table}), nn.ModuleDict({"embed": table})
    assert not failing(RULE, nn.ModuleDict({"encoder": encoder, "decoder": decoder}))


def test_a_target_network_that_is_the_network(failing) -> None:
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    assert failing(RULE, nn.ModuleDict({"policy_net": net, "target_net": net}))
    assert failing(RULE, nn.ModuleDict({"critic": net, "critic_target": net}))
    assert not failing(RULE, nn.ModuleDict({"left": net, "right": net}))


def test_activations_and_norms_of_two_places(failing) -> None:
    for one in (nn.PReLU(), nn.LayerNorm(8)):
        parts = nn.ModuleDict(
            {
                "encoder": nn.Sequential(nn.Linear(8, 8), one),
                "decoder": nn.Sequential(nn.Linear(8, 8), nn.Identity(), one),
            }
        )
        assert failing(RULE, parts)
    table = nn.Embedding(9, 4)
    assert not failing(RULE, nn.ModuleDict({"encoder": nn.Sequential(table), "decoder": nn.ModuleDict({"emb": table})}))


def test_a_block_that_is_registered_twice_with_all_it_holds(failing) -> None:
    block = nn.Sequential(nn.Conv2d(4, 4, 3), nn.InstanceNorm2d(4, affine=True))
    model = nn.ModuleDict({"upsamples": nn.ModuleList([block]), "skip_layers": nn.ModuleDict({"upsample": block})})
    assert not failing(RULE, model)


def test_one_head_for_every_task_of_a_dictionary(failing) -> None:
    net = nn.ModuleDict({"heads": nn.ModuleDict(dict.fromkeys(("a", "b", "c"), nn.Linear(4, 4)))})
    assert set(failing(RULE, net)) == {"heads.a"}
    assert failing(RULE, net["heads"])
    net["heads"] = nn.ModuleDict({name: nn.Linear(4, 4) for name in ("a", "b", "c")})
    assert not failing(RULE, net)
    tower = nn.Linear(4, 4)
    assert not failing(RULE, nn.ModuleDict({"query": tower, "document": tower}))
    assert not failing(RULE, nn.ModuleDict({"query": tower, "document": tower, "out": nn.Linear(4, 4)}))


def test_one_parameter_at_several_places_of_a_list(failing) -> None:
    net = nn.Module()
    net.prompts = nn.ParameterList([nn.Parameter(torch.randn(3, 4))] * 3)
    (outcome,) = failing(RULE, net).values()
    assert outcome.measured == 3
    net.prompts = nn.ParameterList([nn.Parameter(torch.randn(3, 4)) for _ in range(3)])
    assert not failing(RULE, net)


def test_shallow_copies_hold_one_dictionary_of_parameters(failing) -> None:
    layer = nn.Linear(4, 4)
    (outcome,) = failing(RULE, nn.Sequential(*[copy.copy(layer) for _ in range(3)])).values()
    assert outcome.measured == 3
    assert not failing(RULE, nn.Sequential(*[copy.deepcopy(layer) for _ in range(3)]))
    tied = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    tied[1].weight = tied[0].weight
    assert not failing(RULE, tied)
