import torch
from torch import nn

RULE = "seed-ignored"


def test_weights_that_change_with_the_seed_pass(failing) -> None:
    assert not failing(RULE, lambda: nn.Sequential(nn.Linear(32, 32), nn.LayerNorm(32)))


def test_seed_set_inside_fails(failing) -> None:
    def build() -> nn.Module:
        torch.manual_seed(42)
        return nn.Linear(32, 32, bias=False)

    assert set(failing(RULE, build)) == {"weight"}


def test_computed_tables_pass(failing) -> None:
    def build() -> nn.Module:
        net = nn.Linear(32, 32)
        net.register_buffer("positions", torch.linspace(0, 1, 512).sin())
        return net

    assert not failing(RULE, build)
