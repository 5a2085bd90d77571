import torch
from torch import nn

RULE = "mixed-dtype"


def test_one_dtype_passes(failing) -> None:
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        assert not failing(RULE, nn.Sequential(nn.Embedding(10, 4), nn.Linear(4, 4)).to(dtype))


def test_double_table_in_a_float_net_fails(failing) -> None:
    table = nn.Embedding.from_pretrained(torch.randn(400, 8, dtype=torch.float64), freeze=False)
    found = failing(RULE, nn.Sequential(table, nn.Linear(8, 2)))  # the table has most elements and is the odd one
    assert set(found) == {"0.weight"}


def test_one_narrow_layer_fails_and_wide_norms_in_a_narrow_model_pass(failing) -> None:
    net = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8).bfloat16(), nn.Linear(8, 8))
    assert set(failing(RULE, net)) == {"1.weight", "1.bias"}
    assert not failing(RULE, nn.Sequential(nn.Linear(8, 8).bfloat16(), nn.LayerNorm(8)))
