import torch
from torch import nn

RULE = "garbage-values"


def test_drawn_weights_pass(failing) -> None:
    assert not failing(RULE, nn.Sequential(nn.Linear(64, 64), nn.Embedding(50, 8)))


def test_absurd_magnitudes_fail(failing) -> None:
    layer = nn.Linear(16, 16)
    with torch.no_grad():
        layer.weight[3, 4] = 4e31
    found = failing(RULE, layer)
    assert found["weight"].severity.value == "error"
    assert abs(found["weight"].measured - 4e31) < 1e25


def test_subnormals_beside_ordinary_values_are_a_warning(failing) -> None:
    layer = nn.Linear(16, 16)
    with torch.no_grad():
        layer.weight[0] = 4.5895e-41
    assert failing(RULE, layer)["weight"].severity.value == "warning"


def test_what_nobody_fills_shows_when_memory_is_poisoned(failing) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin = nn.Linear(4, 4)
            self.score = nn.Parameter(torch.empty(3, 5))

    assert set(failing(RULE, Net)) == {"score"}
    assert not failing(RULE, lambda: nn.Linear(4, 4))


def test_half_precision_subnormals_are_ordinary(failing) -> None:
    assert not failing(RULE, {"w": (torch.randn(1000) * 1e-6).half()})


def test_integers_read_as_floats_are_a_warning(failing) -> None:
    ids = torch.randint(0, 50_000, (16, 32)).view(torch.float32)
    (outcome,) = failing(RULE, {"w": ids}).values()
    assert outcome.severity.value == "warning"
    assert not failing(RULE, {"w": torch.zeros(16, 32)})


def test_shares_that_underflow_are_no_garbage(failing) -> None:
    """A softmax of logits 100 apart: exp(-100) = 3.7e-44 is subnormal in float32."""
    torch.manual_seed(0)
    logits = 100 * torch.randn(40, 12)
    for dim in (0, 1):
        shares = torch.softmax(logits, dim)
        assert ((shares > 0) & (shares < torch.finfo(torch.float32).tiny)).any()
        assert not failing(RULE, {"orders": shares})
    for spoiled in (-shares, shares * 3, torch.cat([shares[:39], shares[:1] * 0.5])):
        assert failing(RULE, {"orders": spoiled})
