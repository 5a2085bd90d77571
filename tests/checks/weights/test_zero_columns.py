import torch
from torch import nn

RULE = "zero-columns"


def test_drawn_weights_pass(failing) -> None:
    assert not failing(RULE, nn.Sequential(nn.Linear(16, 32), nn.Conv2d(4, 8, 3)))


def test_half_of_the_inputs_left_out_fails(failing) -> None:
    layer = nn.Linear(64, 64, bias=False)
    with torch.no_grad():
        layer.weight[:, :32] = 0
    (outcome,) = failing(RULE, layer).values()
    assert outcome.measured == 32
    assert outcome.severity.value == "error"


def test_an_input_channel_of_a_convolution(failing) -> None:
    conv = nn.Conv2d(4, 64, 3)
    with torch.no_grad():
        conv.weight[:, 2] = 0
    assert failing(RULE, conv)["weight"].measured == 1


def test_tables_that_a_formula_gives_pass(failing) -> None:
    a = torch.log(torch.arange(1, 17).float()).repeat(64, 1)  # Mamba's A_log: log 1 = 0 in every row
    assert not failing(RULE, {"A_log": a})
