import torch
from torch import nn

RULE = "pretrained-changed"
VECTORS = torch.arange(12.0).reshape(4, 3)


def test_kept_values_and_documented_flag(ask) -> None:
    weight = nn.Embedding.from_pretrained(VECTORS, padding_idx=0).weight
    evidence = ask(RULE, weight, "pretrained", facts={"given": VECTORS, "requires_grad": False})
    assert all(e.holds for e in evidence)


def test_changed_values_are_counted(ask) -> None:
    weight = VECTORS.clone()
    weight[1] = -1
    values, _ = ask(RULE, weight, "pretrained", facts={"given": VECTORS, "requires_grad": False})
    assert values.holds is False
    assert values.measured == 3


def test_other_shape_and_wrong_flag(ask) -> None:
    values, flag = ask(RULE, VECTORS[:2], "pretrained", facts={"given": VECTORS, "requires_grad": True})
    assert values.holds is False
    assert "(2, 3)" in values.message
    assert flag.holds is False
