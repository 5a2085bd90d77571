import warnings

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

RULE = "init-lost-after-forward"


def weight_norm(layer: nn.Module, **options) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated, and in many models still
        return nn.utils.weight_norm(layer, **options)


@pytest.mark.parametrize("dim", [0, 1, None])
def test_wrapped_layers_pass(failing, dim) -> None:
    assert not failing(RULE, weight_norm(nn.Linear(6, 4), dim=dim))
    assert not failing(RULE, weight_norm(nn.Conv1d(3, 4, 2)))
    assert not failing(RULE, nn.utils.spectral_norm(nn.Linear(6, 4)))
    assert not failing(RULE, prune.random_unstructured(nn.Linear(6, 4), "weight", 0.5))


@pytest.mark.parametrize(
    "wrap", [weight_norm, nn.utils.spectral_norm, lambda m: prune.random_unstructured(m, "weight", 0.5)]
)
def test_initialised_after_wrapping_fails(failing, wrap) -> None:
    layer = wrap(nn.Linear(6, 4))
    layer(torch.ones(1, 6))  # until now spectral_norm shows the stored weight itself
    with torch.no_grad():
        nn.init.normal_(layer.weight)
    assert set(failing(RULE, nn.Sequential(layer))) == {"0.weight"}
