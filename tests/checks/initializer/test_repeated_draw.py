import torch

RULE = "repeated-draw"


def test_successive_draws_differ(ask) -> None:
    torch.manual_seed(0)
    (evidence,) = ask(RULE, {"first": torch.randn(64, 48), "second": torch.randn(64, 48)}, "draws")
    assert evidence.holds
    assert evidence.measured < 0.01


def test_generator_that_stands_still_is_caught(ask) -> None:
    x = torch.randn(64, 48)
    (evidence,) = ask(RULE, {"first": x, "second": x.clone()}, "draws")
    assert evidence.holds is False
    assert evidence.measured == 1
    assert "3,072" in evidence.message


def test_draws_that_cannot_differ_are_not_asked(ask) -> None:
    assert ask(RULE, {"first": torch.ones(100), "second": torch.ones(100)}, "draws") == []
    assert ask(RULE, {"first": torch.randn(3), "second": torch.randn(3)}, "draws") == []
