import pytest
import torch
from torch import nn

RULE = "wrong-gate-init"


def lstm(per_gate: bool) -> nn.Module:
    layer = nn.LSTM(16, 32)
    for block in layer.weight_hh_l0.data.chunk(4) if per_gate else [layer.weight_hh_l0]:
        nn.init.orthogonal_(block)
    return layer


def test_default_and_orthogonal_gates_pass(failing) -> None:
    assert not failing(RULE, nn.LSTM(16, 32))
    assert not failing(RULE, nn.GRU(16, 32))
    assert not failing(RULE, lstm(per_gate=True))
    assert not failing(RULE, lstm(per_gate=True), expect={"weight_hh_l0": {"law": "orthogonal()", "blocks": 4}})


def test_fused_orthogonal_is_a_warning_by_itself(failing) -> None:
    (outcome,) = failing(RULE, lstm(per_gate=False)).values()
    assert outcome.severity.value == "warning"
    assert outcome.measured == 0.5


def test_fused_orthogonal_is_an_error_where_gates_were_declared(failing) -> None:
    found = failing(RULE, lstm(per_gate=False), expect={"weight_hh_l0": {"law": "orthogonal()", "blocks": 4}})
    assert sum(o.severity.value == "error" for o in found.values()) == 4


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_sixteen_bits_hide_nothing_and_add_nothing(failing, dtype) -> None:
    """Trained gates whose columns happen to be nearly orthogonal are not; an orthogonal matrix that was cast is."""
    trained = nn.LSTM(16, 32)
    nn.init.normal_(trained.weight_hh_l0, std=0.1)
    assert not failing(RULE, trained.to(dtype))
    assert failing(RULE, lstm(per_gate=False).to(dtype))


def test_gain_is_part_of_the_law(failing) -> None:
    layer = lstm(per_gate=True)
    layer.weight_hh_l0.data.mul_(0.9)
    assert failing(RULE, layer, expect={"weight_hh_l0": {"law": "orthogonal()", "blocks": 4}})
    assert not failing(RULE, layer, expect={"weight_hh_l0": {"law": "orthogonal(gain=0.9)", "blocks": 4}})
    assert torch.isfinite(layer.weight_hh_l0).all()
