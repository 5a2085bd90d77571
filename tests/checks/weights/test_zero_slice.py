import math

import torch
from torch import nn

RULE = "zero-slice"


def test_drawn_stacks_pass(failing) -> None:
    assert not failing(RULE, {"w1": torch.randn(4, 16, 16)})


def test_missed_expert_fails(failing) -> None:
    w = torch.randn(4, 20, 20)
    w[3] = 0
    (outcome,) = failing(RULE, {"w1": w}).values()
    assert outcome.measured == 400
    assert "[3, :, :]" in outcome.message
    assert outcome.severity.value == "error"


def test_missed_block_of_a_matrix_fails(failing) -> None:
    w = torch.randn(32, 32) * 0.02
    w[8:16, :16] = 0
    assert failing(RULE, {"w": w})["w"].measured == 128


def test_whole_rows_are_another_rules_business(failing) -> None:
    w = torch.randn(32, 32)
    w[8:16] = 0
    assert not failing(RULE, {"w": w})


def test_sine_table_passes(failing) -> None:
    frequency = torch.exp(-math.log(10000.0) * torch.arange(0, 32, 2) / 32)
    angle = torch.arange(64)[:, None] * frequency
    assert not failing(RULE, {"pos": torch.cat([angle.sin(), angle.cos()], -1)[None]})  # sin 0 = 0 in half a row


class Fused(nn.Module):
    """Four tables in one tensor."""

    def __init__(self, padding_idx: int = 1) -> None:
        super().__init__()
        self.num_embeddings, self.padding_idx = 60, padding_idx
        self.weight = nn.Parameter(torch.randn(4, 60, 16))


def test_padding_vectors_of_several_tables_are_no_block(failing) -> None:
    net = Fused()
    net.weight.data[:, 1] = 0
    assert not failing(RULE, net)
    assert not failing("zero-columns", net)
    net.weight.data[:, 2] = 0
    assert failing(RULE, net)
    wrong = Fused()
    wrong.weight.data[1] = 0
    assert failing(RULE, wrong)
