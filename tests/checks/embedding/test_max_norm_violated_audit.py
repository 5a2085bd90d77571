import torch
from torch import nn

RULE = "max-norm-violated"


def test_rows_that_fit_pass(failing) -> None:
    layer = nn.Embedding(20, 16, max_norm=1.0)
    with torch.no_grad():
        layer.weight.renorm_(2, 0, 1.0)
    assert not failing(RULE, nn.Sequential(layer))
    assert not failing(RULE, nn.Sequential(nn.Embedding(20, 16)))


def test_default_rows_are_too_long(failing) -> None:
    (outcome,) = failing(RULE, nn.Sequential(nn.Embedding(20, 16, max_norm=1.0))).values()
    assert outcome.measured > 1  # a row of 16 draws has a norm near 4


def test_other_norms(failing) -> None:
    layer = nn.Embedding(3, 4, max_norm=2.0, norm_type=1.0, _weight=torch.full((3, 4), 0.5))
    assert not failing(RULE, nn.Sequential(layer))
    layer.weight.data[1, 1] = 0.6
    assert abs(next(iter(failing(RULE, nn.Sequential(layer)).values())).measured - 2.1) < 1e-6
