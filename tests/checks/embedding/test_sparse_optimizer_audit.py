import pytest
import torch
from torch import nn

RULE = "sparse-optimizer"


def net(sparse: bool = True) -> nn.Module:
    return nn.Sequential(nn.Embedding(20, 4, sparse=sparse))


def works(optimizer_of, model: nn.Module) -> bool:
    """Whether torch itself takes the step."""
    optimizer = optimizer_of(model.parameters())
    model(torch.tensor([1, 2])).sum().backward()
    try:
        optimizer.step()
    except RuntimeError:
        return False
    return True


@pytest.mark.parametrize(
    "optimizer_of",
    [
        lambda p: torch.optim.SGD(p, lr=0.1),
        lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.1),
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        lambda p: torch.optim.Adagrad(p),
        lambda p: torch.optim.Adagrad(p, weight_decay=0.1),
        lambda p: torch.optim.Adam(p),
        lambda p: torch.optim.AdamW(p),
        lambda p: torch.optim.RMSprop(p),
        lambda p: torch.optim.SparseAdam(p),
    ],
)
def test_agrees_with_what_torch_does(failing, optimizer_of) -> None:
    model = net()
    found = failing(RULE, model, optimizer=optimizer_of(model.parameters()))
    assert bool(found) is not works(optimizer_of, net())


def test_dense_tables_are_not_asked(failing) -> None:
    model = net(sparse=False)
    assert not failing(RULE, model, optimizer=torch.optim.Adam(model.parameters()))


@pytest.mark.parametrize(
    ("sparse", "optimizer", "fix"),
    [
        (True, torch.optim.Adam, "torch.optim.SparseAdam(model.emb.parameters())"),
        (False, torch.optim.SparseAdam, "torch.optim.Adam(model.emb.parameters())"),
    ],
)
def test_the_fix_is_another_optimizer(failing, sparse: bool, optimizer, fix: str) -> None:
    model = nn.ModuleDict({"emb": nn.Embedding(16, 4, sparse=sparse)})
    (outcome,) = failing(RULE, model, optimizer=optimizer(model.parameters())).values()
    assert outcome.fix.startswith(fix)


def test_optimizer_kept_by_the_model(failing) -> None:
    model = net()
    model.optimizer = torch.optim.Adam(model.parameters())
    assert failing(RULE, model)
