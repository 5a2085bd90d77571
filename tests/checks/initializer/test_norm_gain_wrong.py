import torch
from torch import nn

RULE = "norm-gain-wrong"


def net(blocks: int = 3) -> nn.Module:
    layers = [layer for _ in range(blocks) for layer in (nn.Linear(64, 64), nn.LayerNorm(64))]
    return nn.Sequential(*layers, nn.BatchNorm1d(64))


def test_defaults_and_zero_gains_of_residual_branches_pass(failing) -> None:
    sound = net()
    assert not failing(RULE, sound)
    nn.init.zeros_(sound[1].weight)  # with its shift at zero: the branch starts at zero, on purpose
    assert not failing(RULE, sound)


def test_swapped_scale_and_shift_fail(failing) -> None:
    wrong = net()
    nn.init.zeros_(wrong[1].weight)
    nn.init.ones_(wrong[1].bias)
    assert failing(RULE, wrong)["1.weight"].severity.value == "error"


def test_one_drawn_gain_is_an_error_and_a_recipe_a_warning(failing) -> None:
    wrong = net()
    nn.init.normal_(wrong[3].weight, 0, 0.02)
    assert {k: o.severity.value for k, o in failing(RULE, wrong).items()} == {"3.weight": "error"}
    for i in (1, 3, 5):
        nn.init.normal_(wrong[i].weight, 0, 0.02)
    assert {o.severity.value for o in failing(RULE, wrong).values()} == {"warning"}


def test_trained_gains_pass(failing) -> None:
    trained = net()
    with torch.no_grad():
        for p in trained.parameters():
            p.copy_(torch.randn(p.shape) ** 3 + 0.5)
    assert not failing(RULE, trained)


def test_a_declared_gain(failing) -> None:
    class RMSNorm(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(8))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.rms_norm(x, (8,)) * (1 + self.weight)

    net = nn.Sequential(nn.Linear(8, 8), RMSNorm())
    expect = {"1.weight": "zeros()"}
    assert not failing(RULE, net, expect=expect)
    nn.init.ones_(net[1].weight)
    assert set(failing(RULE, net, expect=expect)) == {"1.weight"}
    assert not failing(RULE, net)


class Scaled(nn.Module):
    def __init__(self, how: str) -> None:
        super().__init__()
        self.lin, self.norm, self.out, self.how = nn.Linear(16, 16), nn.RMSNorm(16), nn.Linear(16, 4), how
        nn.init.zeros_(self.norm.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.lin(x)
        if self.how == "plain":
            return self.out(self.norm(h))
        return self.out(h + self.norm(h))


def test_a_zero_gain_without_a_way_around_it(failing) -> None:
    x = (torch.randn(4, 16),)
    assert set(failing(RULE, Scaled("plain"), inputs=x)) == {"norm.weight"}
    assert not failing(RULE, Scaled("residual"), inputs=x)
    assert not failing(RULE, Scaled("plain"))
