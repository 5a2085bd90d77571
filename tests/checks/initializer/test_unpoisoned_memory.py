import torch

from embcheck.subjects.state import poisoned

RULE = "unpoisoned-memory"


def test_poison_reaches_torch_empty(ask) -> None:
    with poisoned():
        tensor = torch.empty(4, 5)
    (evidence,) = ask(RULE, tensor, "uninitialised")
    assert evidence.holds
    assert evidence.n == 20


def test_one_value_that_survives_is_caught(ask) -> None:
    tensor = torch.full((4, 5), float("nan"))
    tensor[2, 2] = 0.0
    (evidence,) = ask(RULE, tensor, "uninitialised")
    assert evidence.holds is False
    assert evidence.measured == 1
