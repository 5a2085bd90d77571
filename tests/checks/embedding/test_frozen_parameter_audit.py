import copy

import torch
from torch import nn

RULE = "frozen-parameter"


def test_declared_and_kept_passes(failing) -> None:
    net = nn.Sequential(nn.Embedding.from_pretrained(torch.ones(9, 4)), nn.Linear(4, 4))
    assert not failing(RULE, net, expect={"0.weight": {"trainable": False}})


def test_declared_otherwise_fails(failing) -> None:
    net = nn.Sequential(nn.Embedding.from_pretrained(torch.randn(9, 4)), nn.Linear(4, 4))
    assert failing(RULE, net, expect={"0.weight": {"trainable": True}})["0.weight"].severity.value == "error"
    assert failing(RULE, net, expect={"1.weight": {"trainable": False}})["1.weight"].severity.value == "error"


def test_frozen_noise_is_a_warning(failing) -> None:
    net = nn.Sequential(nn.Embedding.from_pretrained(torch.randn(30, 8)), nn.Linear(8, 300))
    assert failing(RULE, net)["0.weight"].severity.value == "warning"


def test_frozen_vectors_and_frozen_backbones_pass(failing) -> None:
    trained = torch.randn(30, 8) ** 3 + 0.3
    assert not failing(RULE, nn.Sequential(nn.Embedding.from_pretrained(trained), nn.Linear(8, 300)))
    backbone = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 4))
    backbone[0].requires_grad_(False)
    assert not failing(RULE, backbone)  # most of the model is frozen


def test_a_frozen_copy_of_what_trains_is_silent(failing) -> None:
    online = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 4))
    net = nn.ModuleDict({"online": online, "target": copy.deepcopy(online).requires_grad_(False)})
    assert not failing(RULE, net)
    nn.init.normal_(net["target"][0].weight)
    assert not failing(RULE, net)  # a part that repeats one that trains is asked for a copy, once
    assert set(failing("replica-mismatch", net)) == {"target"}
    lone = nn.ModuleDict({"online": online, "probe": nn.Linear(16, 7).requires_grad_(False)})
    assert set(failing(RULE, lone)) == {"probe.weight"}


def test_codes_that_a_running_average_moves_pass(failing) -> None:
    """Van den Oord et al. (2017), appendix A.1: the codebook is the quotient of two averages, kept in buffers."""
    net = nn.ModuleDict({"encoder": nn.Linear(16, 64), "codes": nn.Embedding(32, 16).requires_grad_(False)})
    assert set(failing(RULE, net)) == {"codes.weight"}
    net.register_buffer("sums", net["codes"].weight.detach().clone())
    assert not failing(RULE, net)
    net.sums.normal_()
    assert set(failing(RULE, net)) == {"codes.weight"}
