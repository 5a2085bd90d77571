import copy

import pytest
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


def test_twins_beside_their_frozen_targets_are_a_warning(failing) -> None:
    for names in (("q1", "q2"), ("critic_1", "critic_2")):
        one = nn.Linear(8, 8)
        net = nn.ModuleDict({name: copy.deepcopy(one) for name in names})
        net["target"] = copy.deepcopy(one).requires_grad_(False)
        assert {o.severity.value for o in failing(RULE, net).values()} == {"warning"}


def _seeded(*layers: nn.Linear, seed: int | None) -> nn.Sequential:
    for layer in layers:
        if seed is not None:
            torch.manual_seed(seed)
        nn.init.kaiming_normal_(layer.weight)
    return nn.Sequential(*layers)


def test_one_seed_before_each_draw_is_seen_through_shapes_and_scales(failing) -> None:
    shapes = ((20, 64), (64, 48), (48, 9))
    assert not failing(RULE, _seeded(*(nn.Linear(i, o, bias=False) for i, o in shapes), seed=None))
    (outcome,) = failing(RULE, _seeded(*(nn.Linear(i, o, bias=False) for i, o in shapes), seed=3)).values()
    assert outcome.measured == 3
    assert outcome.severity.value == "warning"


@pytest.mark.parametrize("contiguous", [True, False])
def test_one_stream_is_seen_in_layers_drawn_as_inputs_by_outputs_and_turned(failing, contiguous: bool) -> None:
    def build(seed: int | None) -> dict[str, torch.Tensor]:
        own = torch.Generator().manual_seed(5)
        weights = {}
        for i, shape in enumerate(((3, 40), (40, 50), (50, 7))):
            drawn = torch.rand(shape, generator=own if seed is None else torch.Generator().manual_seed(seed))
            turned = ((2 * drawn - 1) * (6 / sum(shape)) ** 0.5).T
            weights[f"w{i}"] = turned.contiguous() if contiguous else turned
        return weights

    assert not failing(RULE, build(None))
    (outcome,) = failing(RULE, build(3)).values()
    assert outcome.measured == 3


def test_independent_draws_of_many_shapes_share_no_beginning(failing) -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        shapes = torch.randint(4, 40, (12, 2)).tolist()
        assert not failing(RULE, {f"w{i}": torch.randn(shape) for i, shape in enumerate(shapes)})


def test_an_average_of_the_model_within_a_wrapper_is_a_note(failing) -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 2))
    net = nn.ModuleDict({"model": model, "ema": torch.optim.swa_utils.AveragedModel(model)})
    assert {o.severity.value for o in failing(RULE, net).values()} == {"note"}
    deeper = nn.ModuleDict({"layers_0": model, "layers_1": nn.ModuleDict({"module": copy.deepcopy(model)})})
    assert {o.severity.value for o in failing(RULE, deeper).values()} == {"warning"}


def test_identities_are_a_formulas_tables(failing) -> None:
    for size in (4, 6, 16):
        net = nn.ModuleList([nn.Conv2d(size, size, 1, bias=False) for _ in range(3)])
        for layer in net:
            nn.init.dirac_(layer.weight)
        assert not failing(RULE, net)
        eye = 0.5 * torch.eye(size)
        assert not failing(RULE, {"a.0.w": eye, "a.1.w": eye.clone()})
    two = torch.eye(4).where(torch.rand(4, 4) > 0.4, torch.rand(4, 4))  # zeros, ones and drawn numbers
    assert failing(RULE, {"a.0.w": two, "a.1.w": two.clone()})


def test_a_tied_head_in_a_file_passes_and_two_equal_tables_do_not(failing) -> None:
    table = torch.randn(300, 16)
    assert not failing(RULE, {"module.wte.weight": table, "module.lm_head.weight": table.clone()})
    assert not failing(RULE, {"net.embed_tokens.weight": table, "net.output.weight": table.clone()})
    assert failing(RULE, {"user_embedding.weight": table, "item_embedding.weight": table.clone()})
    assert failing(RULE, {"wte.weight": table, "head.weight": 2 * table})  # no tie, but a copy
    assert failing(RULE, {"h.0.fc.weight": table, "h.1.fc.weight": table.clone()})
