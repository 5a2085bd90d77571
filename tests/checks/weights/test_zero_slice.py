import math

import torch

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
