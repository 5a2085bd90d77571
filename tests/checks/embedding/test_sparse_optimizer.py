"""Optimizers and sparse gradients."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit


def test_torch_keeps_its_promises_but_for_those_known(kept) -> None:
    assert kept("sparse-optimizer") == ["optim.LBFGS with a sparse gradient"]


def failures(model, optimizer):
    return [o for o in audit(model, optimizer=optimizer).failed if o.rule == "sparse-optimizer"]


def model(sparse: bool = True):
    torch.manual_seed(0)
    return nn.Sequential(nn.Embedding(50, 8, sparse=sparse))


# which of these raise at the second step was tried by hand on torch 2.4 and 2.13
@pytest.mark.parametrize(
    ("make", "sound"),
    [
        (lambda p: torch.optim.SGD(p, lr=0.1), True),
        (lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), True),
        (lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True), True),
        (lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.1), False),
        (lambda p: torch.optim.Adagrad(p, lr=0.1), True),
        (lambda p: torch.optim.Adagrad(p, lr=0.1, weight_decay=0.1), False),
        (lambda p: torch.optim.SparseAdam(p, lr=0.1), True),
        (lambda p: torch.optim.Adam(p, lr=0.1), False),
        (lambda p: torch.optim.AdamW(p, lr=0.1), False),
    ],
)
def test_a_copy_of_the_optimizer_is_asked(make, sound: bool) -> None:
    net = model()
    assert (not failures(net, make(net.parameters()))) is sound


class Own(torch.optim.Optimizer):
    """Somebody's own, with arguments of its own, that takes sparse gradients."""

    def __init__(self, params, speed, *, secret) -> None:
        super().__init__(params, {"speed": speed})
        self.secret = secret

    @torch.no_grad()
    def step(self, closure=None):
        assert self.secret == "kept"
        for group in self.param_groups:
            for p in group["params"]:
                p.add_(p.grad, alpha=-group["speed"])


def test_an_optimizer_of_ones_own_is_run_and_not_judged_by_its_name() -> None:
    net = model()
    assert not failures(net, Own(net.parameters(), 0.1, secret="kept"))


def test_a_dense_table_under_sparse_adam() -> None:
    net = model(sparse=False)
    assert failures(net, torch.optim.SparseAdam(net.parameters(), lr=0.1))


def test_the_users_optimizer_is_as_before() -> None:
    net = model(sparse=False)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)  # wraps optimizer.step
    called = []
    optimizer.register_step_pre_hook(lambda *_: called.append(1))
    net(torch.tensor([1])).sum().backward()
    optimizer.step()
    before = copy.deepcopy((optimizer.state_dict(), net.state_dict()))
    grad = net[0].weight.grad.clone()
    called.clear()
    audit(net, optimizer=optimizer)
    assert called == []
    assert str(optimizer.state_dict()) == str(before[0])
    assert torch.equal(net[0].weight, before[1]["0.weight"])
    assert torch.equal(net[0].weight.grad, grad)
    assert scheduler.last_epoch == 0
