import torch
from torch import nn

RULE = "failed-forward"


def test_forward_that_runs_passes(failing) -> None:
    assert not failing(RULE, nn.Linear(4, 4), inputs=(torch.ones(2, 4),))


def test_forward_that_raises_fails_and_the_other_rules_are_asked(failing) -> None:
    from embcheck.commands.audit import audit

    (outcome,) = failing(RULE, nn.Linear(4, 4), inputs=(torch.ones(2, 5),)).values()
    assert "RuntimeError" in outcome.message
    assert len({o.rule for o in audit(nn.Linear(4, 4), inputs=(torch.ones(2, 5),)).outcomes}) > 3
