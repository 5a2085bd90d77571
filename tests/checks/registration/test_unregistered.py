import torch
from torch import nn

RULE = "unregistered"


class Holder(nn.Module):
    """Holds whatever it is given, past the registers where asked."""

    def __init__(self, **held) -> None:
        super().__init__()
        self.out = nn.Linear(4, 2)
        for name, value in held.items():
            setattr(self, name, value)


def test_registered_layers_pass(failing) -> None:
    assert not failing(RULE, Holder(hidden=nn.ModuleList([nn.Linear(4, 4)]), p=nn.Parameter(torch.ones(3)), n=7, s="x"))
    assert not failing(RULE, nn.LSTM(4, 4))  # keeps its weights in a list of its own


def test_layers_in_plain_containers_fail(failing) -> None:
    for container in ([nn.Linear(4, 4), nn.Linear(4, 4)], {"a": nn.Linear(4, 4), "b": nn.Linear(4, 4)}):
        found = failing(RULE, Holder(hidden=container))
        assert len(found) == 2
        assert {o.severity.value for o in found.values()} == {"error"}


def test_one_layer_wrapped_in_a_list_is_a_warning(failing) -> None:
    assert failing(RULE, Holder(hidden=[nn.Linear(4, 4)]))["hidden[0]"].severity.value == "warning"


def test_parameters_that_are_none_fail(failing) -> None:
    moved = nn.Parameter(torch.rand(4)).to("cpu", copy=True)
    assert failing(RULE, Holder(scale=moved))["scale"].severity.value == "error"
    assert failing(RULE, Holder(weights=[nn.Parameter(torch.rand(4))]))["weights[0]"].severity.value == "error"
    lost = Holder()
    lost.__dict__["r"] = nn.Parameter(torch.rand(3))  # what a second Module.__init__ leaves behind
    assert set(failing(RULE, lost)) == {"r"}


def test_plain_constants_are_a_note(failing) -> None:
    assert failing(RULE, Holder(mask=torch.ones(3, 3)))["mask"].severity.value == "note"


def test_weights_that_hooks_compute_pass(failing, recwarn) -> None:
    assert not failing(RULE, nn.utils.spectral_norm(nn.Linear(4, 4)))
    assert not failing(RULE, nn.utils.parametrizations.weight_norm(nn.Linear(4, 4)))


def test_containers_that_contain_themselves_end(failing) -> None:
    loop: list = [nn.Linear(4, 4)]
    loop.append(loop)
    assert "hidden[0]" in failing(RULE, Holder(hidden=loop))
