import torch
from torch import nn

RULE = "left-on-meta"


def test_models_with_values_pass_lazy_ones_too(failing) -> None:
    assert not failing(RULE, nn.Linear(8, 8))
    assert not failing(RULE, nn.Sequential(nn.Linear(8, 8), nn.LazyLinear(4)))
    assert not failing(RULE, {"w": torch.randn(8, 8), "gone": torch.empty(8, device="meta")})  # no model


def test_a_layer_that_was_forgotten_fails(failing) -> None:
    found = failing(
        RULE, nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8, device="meta"), nn.BatchNorm1d(8, device="meta"))
    )
    assert set(found) == {
        "1.weight", "1.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var", "2.num_batches_tracked",
    }  # fmt: skip
    assert {o.severity.value for o in found.values()} == {"error"}
    assert "assign=True" in found["1.weight"].fix
