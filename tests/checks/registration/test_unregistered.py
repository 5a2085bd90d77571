import collections
import copy
import dataclasses

import pytest
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


class Counting(nn.Module):
    """A buffer that is given as it is."""

    def __init__(self, value: torch.Tensor) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 4)
        self.register_buffer("used", value)


def test_a_buffer_that_asks_for_a_gradient_is_a_warning(failing) -> None:
    for value in (nn.Parameter(torch.zeros(7)), torch.zeros(7, requires_grad=True)):
        assert failing(RULE, Counting(value))["used"].severity.value == "warning"
    assert not failing(RULE, Counting(nn.Parameter(torch.zeros(7), requires_grad=False)))
    model = Counting(torch.zeros(4))
    model.used = model.lin.weight.sum(0)  # what a forward leaves behind is not what the constructor registered
    assert not failing(RULE, model)
    model.used = model.lin.bias  # it is a parameter too: the optimizer sees it
    assert not failing(RULE, model)


def test_plain_constants_are_a_note(failing) -> None:
    assert failing(RULE, Holder(mask=torch.ones(3, 3)))["mask"].severity.value == "note"


def test_weights_that_hooks_compute_pass(failing, recwarn) -> None:
    assert not failing(RULE, nn.utils.spectral_norm(nn.Linear(4, 4)))
    assert not failing(RULE, nn.utils.parametrizations.weight_norm(nn.Linear(4, 4)))


def test_containers_that_contain_themselves_end(failing) -> None:
    loop: list = [nn.Linear(4, 4)]
    loop.append(loop)
    assert "hidden[0]" in failing(RULE, Holder(hidden=loop))


class Held:
    """No module, though it holds a parameter."""

    def __init__(self) -> None:
        self.weight = nn.Parameter(torch.randn(4, 4))


class Using(nn.Module):
    """Uses a 4 x 4 parameter that comes from somewhere."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.lin, self.how = nn.Linear(4, 4), how
        weight = nn.Parameter(torch.randn(4, 4))
        if how == "closure":
            self.use = lambda x: x @ weight
        elif how == "registered closure":
            self.weight = weight
            self.use = lambda x: x @ weight
        elif how == "object":
            held = Held()
            self.held = held
            self.use = lambda x: x @ held.weight
        elif how == "made in forward":
            self.use = lambda x: nn.Linear(4, 4)(x)
        elif how == "state made in forward":
            self.use = lambda x: x + torch.zeros(4).requires_grad_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.use(self.lin(x))


def test_parameters_that_only_the_forward_shows(failing) -> None:
    x = (torch.randn(2, 4),)
    for how in ("closure", "object", "made in forward"):
        (outcome,) = failing(RULE, Using(how), inputs=x).values()
        assert outcome.measured == (20 if how == "made in forward" else 16)
        assert not failing(RULE, Using(how))
    for how in ("registered closure", "state made in forward"):
        assert not failing(RULE, Using(how), inputs=x)


def test_what_an_attribute_shows_is_told_once(failing) -> None:
    class Listed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.hidden = [nn.Linear(4, 4), nn.Linear(4, 4)]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.hidden[1](self.hidden[0](x))

    assert set(failing(RULE, Listed(), inputs=(torch.randn(2, 4),))) == {"hidden[0]", "hidden[1]"}


def test_a_model_that_registers_nothing_is_no_empty_target(failing) -> None:
    class Listed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.hidden = [nn.Linear(4, 4), nn.Linear(4, 4)]

    assert set(failing(RULE, Listed)) == {"hidden[0]", "hidden[1]"}


class Plain(nn.Module):
    def __init__(self, value: torch.Tensor) -> None:
        super().__init__()
        self.lin, self.value = nn.Linear(8, 8), value


def _severity(failing, net: nn.Module) -> str:
    (outcome,) = failing(RULE, net).values()
    return outcome.severity.value


def test_random_plain_tensors_are_a_warning_and_formulas_a_note(failing) -> None:
    assert _severity(failing, Plain(torch.randn(64, 16))) == "warning"
    for formula in (torch.linspace(0, 1, 1000), torch.ones(64, 16), torch.rand(20)[:4], torch.rand(6).repeat(64, 1)):
        assert _severity(failing, Plain(formula)) == "note"


def test_plain_tensors_that_the_model_left_behind_are_a_warning(failing) -> None:
    assert _severity(failing, Plain(torch.ones(3)).double()) == "warning"
    assert _severity(failing, Plain(torch.ones(3)).bfloat16()) == "note"


@dataclasses.dataclass
class Record:
    up: nn.Module
    down: nn.Module


def test_named_tuples_ordered_dicts_and_dataclasses_are_searched(failing) -> None:
    pair = collections.namedtuple("pair", "up down")  # noqa: PYI024 - as users write it
    for make in (
        pair,
        Record,
        lambda a, b: collections.OrderedDict(up=a, down=b),
        lambda a, b: collections.deque((a, b)),
    ):
        assert len(failing(RULE, Holder(kept=make(nn.Linear(4, 4), nn.Linear(4, 4))))) == 2


class Constants(nn.Module):
    """What a forward may do with tensors that are plain attributes."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.lin, self.how = nn.Linear(4, 4), how
        self.table, self.scale = torch.arange(4.0), torch.tensor(0.5)
        self.mask, self.index = torch.tensor([True, False, True, False]), torch.tensor([3, 2, 1, 0])
        if how == "buffer":
            del self.table
            self.register_buffer("table", torch.arange(4.0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.lin(x)
        if self.how == "mask":
            return x.masked_fill(self.mask, 0.0)
        if self.how == "harmless":  # numbers mix with any device, and so do indices
            return x[:, self.index] * self.scale
        if self.how == "written":
            self.table[0] = 1.0
        if self.how == "replaced":
            self.table = self.table + 1.0
        return x + self.table.to(x.device)


def test_a_plain_tensor_that_the_forward_computes_with_is_a_warning(failing) -> None:
    for how, name in (("used", "table"), ("mask", "mask")):
        found = failing(RULE, Constants(how), inputs=(torch.randn(3, 4),))
        assert {n: o.severity.value for n, o in found.items()}[name] == "warning"
    for how in ("buffer", "harmless", "written", "replaced"):
        found = failing(RULE, Constants(how), inputs=(torch.randn(3, 4),))
        assert {o.severity.value for o in found.values()} <= {"note"}, how
    for inputs in (None, (torch.randn(3, 5),)):  # without a forward, or with one that fails, nobody knows
        found = failing(RULE, Constants("used"), inputs=inputs)
        assert {o.severity.value for o in found.values()} == {"note"}


class Keeping(nn.Module):
    """Its forward keeps an activation and a state; `scaled` was computed once, in the constructor."""

    def __init__(self, once: bool = False) -> None:
        super().__init__()
        self.lin, self.out = nn.Linear(16, 16), nn.Linear(16, 2)
        if once:
            self.scaled = self.lin.weight * 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.state = torch.randn(len(x), 16)
        self.hidden = torch.tanh(self.lin(x) + self.state)
        self.maps = [self.hidden]
        return self.out(self.hidden)


def test_what_a_forward_leaves_behind_is_no_lost_parameter(failing) -> None:
    net, x = Keeping(), (torch.randn(8, 16),)
    assert not failing(RULE, net, inputs=x)
    net(*x)
    assert not failing(RULE, net, inputs=x)
    found = failing(RULE, net)
    assert {name: o.severity.value for name, o in found.items()} == {"hidden": "warning", "state": "warning"}
    with pytest.raises(RuntimeError, match="deepcopy"):  # which is what the warning says
        copy.deepcopy(net)


def test_what_the_constructor_computed_once_is_an_error_where_that_is_certain(failing) -> None:
    x = (torch.randn(8, 16),)
    assert failing(RULE, Keeping(once=True))["scaled"].severity.value == "warning"
    assert failing(RULE, lambda: Keeping(once=True))["scaled"].severity.value == "error"
    assert failing(RULE, Keeping(once=True), inputs=x)["scaled"].severity.value == "error"
    assert failing(RULE, Keeping(once=True), inputs=(torch.randn(8, 5),))["scaled"].severity.value == "warning"
