import torch
from torch import nn

from embcheck.commands.compare import compare


def failed(a, b, **given) -> set[str]:
    return {
        o.subject for o in compare(a, b, **given).outcomes if o.rule == "different-law" and o.status.value == "fail"
    }


def test_two_seeds_of_one_law_pass() -> None:
    assert not failed(lambda: nn.Linear(64, 64), lambda: nn.Linear(64, 64), seed_b=5)


def test_another_family_with_the_same_scale_fails() -> None:
    a = {"w": torch.randn(100, 100)}
    b = {"w": (torch.rand(100, 100) - 0.5) * 12**0.5}  # std 1; D = 0.057 in the limit
    assert failed(a, b) == {"w"}


def test_false_alarms_stay_within_the_budget() -> None:
    torch.manual_seed(3)
    hits = sum(bool(failed({"w": torch.randn(400)}, {"w": torch.randn(400)}, alpha=0.05)) for _ in range(200))
    assert hits <= 22  # binomial(200, 0.05): more than 22 has a chance of 3e-4
