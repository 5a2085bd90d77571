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


def biased(layer: nn.Module, start: int, stop: int, value: float = 1.0, others: float | None = 0.0) -> nn.Module:
    """Quarters (or thirds) from start to stop at a constant, the rest at another or as drawn."""
    for name, p in layer.named_parameters():
        if name.startswith("bias"):
            if others is not None:
                nn.init.constant_(p, others)
            if "ih" in name:
                gate = p.numel() // (4 if isinstance(layer, (nn.LSTM, nn.LSTMCell)) else 3)
                p.data[start * gate : stop * gate] = value
    return layer


def test_constants_that_open_gates_on_purpose_pass(failing) -> None:
    assert not failing(RULE, biased(nn.LSTM(6, 8), 1, 2))
    assert not failing(RULE, biased(nn.LSTMCell(6, 8), 0, 1, -1.0))
    assert not failing(RULE, biased(nn.LSTM(6, 8), 0, 4, 0.01))
    assert not failing(RULE, biased(nn.GRU(6, 8, bidirectional=True), 0, 2))
    both = biased(nn.LSTM(6, 8), 0, 1)
    both.bias_hh_l0.data[8:16] = 1.0  # the forget gate has its own in the other bias
    assert not failing(RULE, both)


@pytest.mark.parametrize("others", [0.0, None])
@pytest.mark.parametrize(("start", "stop"), [(2, 3), (3, 4), (0, 1)])
def test_a_constant_in_another_gate_than_the_forget_gate_is_an_error(failing, start, stop, others) -> None:
    (outcome,) = failing(RULE, biased(nn.LSTM(6, 8), start, stop, others=others)).values()
    assert outcome.severity.value == "error"


def test_one_constant_in_all_gates_is_a_warning(failing) -> None:
    (outcome,) = failing(RULE, biased(nn.LSTMCell(6, 8), 0, 4)).values()
    assert outcome.severity.value == "warning"
    assert failing(RULE, biased(nn.GRUCell(6, 8), 2, 3))


def test_trained_biases_pass(failing) -> None:
    layer = nn.LSTM(6, 8)
    for name, p in layer.named_parameters():
        if name.startswith("bias"):
            p.data.normal_(0.8, 0.1)
    assert not failing(RULE, layer)
