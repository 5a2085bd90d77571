import pytest
import torch
from torch import nn

RULE = "init-not-applied"
UNTOUCHED = -7.0


def experiment(init, view):
    base = torch.full((64, 48), UNTOUCHED)
    init(view(base))
    inside = torch.zeros_like(base, dtype=torch.bool)
    view(inside).fill_(True)
    return {"view": view(base), "inside": base[inside], "outside": base[~inside]}


def test_init_that_reaches_the_view_passes(ask) -> None:
    for view in (lambda t: t[:, ::2], lambda t: t.t(), lambda t: t[3:-3, 3:-3]):
        evidence = ask(RULE, experiment(nn.init.normal_, view), "view", facts={"untouched": UNTOUCHED})
        assert [e.holds for e in evidence] == [True, True]
        assert [e.part for e in evidence] == [" inside", " outside"]


def test_init_of_a_dropped_copy_is_caught(ask) -> None:
    lost = experiment(lambda t: nn.init.normal_(t.clone()), lambda t: t[:, ::2])
    inside, outside = ask(RULE, lost, "view", facts={"untouched": UNTOUCHED})
    assert inside.holds is False
    assert inside.measured == inside.n == 64 * 24
    assert outside.holds


def test_one_element_missed_and_one_overwritten(ask) -> None:
    value = experiment(nn.init.normal_, lambda t: t[:, ::2])
    value["inside"][5] = UNTOUCHED
    value["outside"][9] = float("nan")
    inside, outside = ask(RULE, value, "view", facts={"untouched": UNTOUCHED})
    assert (inside.holds, inside.measured) == (False, 1)
    assert (outside.holds, outside.measured) == (False, 1)


def test_a_small_kernel_of_the_recipe_is_no_default(failing) -> None:
    """kaiming's normal(0, 0.25) at 256 elements is told from the default's +-0.354 by its likelihood, not by KS."""
    for seed in range(20):
        torch.manual_seed(seed)
        layers = nn.ModuleList([nn.Conv2d(8, 32, 1), *(nn.Conv2d(32, 32, 3) for _ in range(6))])
        for layer in layers:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out")
            nn.init.zeros_(layer.bias)
        assert not failing(RULE, layers)


def forget(layers: int, both: bool, names: tuple[str, ...]) -> nn.Module:
    layer = nn.LSTM(8, 16, num_layers=layers, bidirectional=both)
    for name, p in layer.named_parameters():
        if name.startswith(names):
            p.data[16:32] = 1.0
    return nn.ModuleDict({"rnn": layer})


@pytest.mark.parametrize(("layers", "both", "missed"), [(2, False, 1), (1, True, 1), (2, True, 3)])
def test_a_forget_bias_of_the_first_layer_only_is_a_warning(failing, layers: int, both: bool, missed: int) -> None:
    model = forget(layers, both, ("bias_hh_l0",) if not both else ("bias_hh_l0_",))
    if both:  # only the backward direction of the first layer
        assert not torch.equal(model["rnn"].bias_hh_l0[16:32], torch.ones(16))
    (outcome,) = failing(RULE, model).values()
    assert outcome.measured == missed
    assert outcome.severity.value == "warning"
    assert outcome.subject.startswith("rnn.bias_hh_l")


def test_a_forget_bias_everywhere_or_of_one_kind_passes(failing) -> None:
    assert not failing(RULE, forget(2, True, ("bias_hh",)))
    assert not failing(RULE, forget(2, True, ("bias_ih",)))
    assert not failing(RULE, forget(1, False, ("bias_hh",)))
    assert not failing(RULE, nn.LSTM(8, 16, num_layers=3, bidirectional=True))
    zero = nn.LSTM(8, 16, num_layers=2)
    for name, p in zero.named_parameters():
        if "bias" in name:
            nn.init.zeros_(p)
    assert not failing(RULE, zero)
    assert not failing(RULE, nn.LSTM(8, 16, bias=False, num_layers=2))


@pytest.mark.parametrize("frozen", [True, False])
def test_adapters_with_a_default_of_their_own_are_no_peers_of_the_frozen_base(failing, frozen: bool) -> None:
    net = nn.ModuleList(nn.Linear(64, 64, bias=False) for _ in range(12))
    for layer in net:
        nn.init.normal_(layer.weight, std=0.02).requires_grad_(not frozen)
    net.append(nn.Linear(64, 64, bias=False))
    assert bool(failing(RULE, net)) is not frozen
