import pytest
import torch
from torch import nn

RULE = "buffer-precision"


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 4)
        self.register_buffer("inv_freq", 10000.0 ** (-torch.arange(0, 16, 2) / 16))


def test_float32_passes(failing) -> None:
    assert not failing(RULE, Net())


def test_frequencies_cast_to_bfloat16_fail(failing) -> None:
    found = failing(RULE, Net().bfloat16())
    assert found["inv_freq"].measured == 4096 * 2.0**-9  # the largest frequency is 1: 8 radians


def test_running_statistics_in_half_fail(failing) -> None:
    assert set(failing(RULE, nn.BatchNorm1d(4).half())) == {"running_mean", "running_var"}


def test_positions_that_collapse_fail(failing) -> None:
    class Positions(Net):
        def __init__(self, dtype: torch.dtype) -> None:
            super().__init__()
            self.register_buffer("ids", torch.arange(4096).to(dtype))

    assert set(failing(RULE, Positions(torch.bfloat16))) == {"ids"}
    assert not failing(RULE, Positions(torch.float32))


def sinusoids(positions: torch.Tensor, d: int = 16) -> torch.Tensor:
    angles = positions.float()[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
    return torch.cat([angles.sin(), angles.cos()], -1)


@pytest.mark.parametrize(("dtype", "n", "start"), [("bfloat16", 600, 0), ("bfloat16", 600, 1), ("float16", 3000, 0)])
def test_tables_of_positions_counted_in_16_bits_fail(failing, dtype: str, n: int, start: int) -> None:
    positions = torch.arange(start, start + n).to(getattr(torch, dtype))
    lost = n - positions.unique().numel()
    net = Net()
    net.register_buffer("pe", sinusoids(positions)[None])
    net.pos_embed = nn.Parameter(sinusoids(positions), requires_grad=False)
    found = failing(RULE, net)
    assert set(found) == {"pe", "pos_embed"}
    assert {o.measured for o in found.values()} == {lost}
    assert all(dtype in o.message for o in found.values())


def test_other_tables_with_equal_neighbours_pass(failing) -> None:
    net = Net()
    net.register_buffer("exact", sinusoids(torch.arange(600)))
    net.register_buffer("short", sinusoids(torch.arange(200).bfloat16()))
    net.register_buffer("pairs", sinusoids(torch.arange(600) // 2))
    net.register_buffer("constant", torch.ones(600, 4))
    net.register_buffer("copied", sinusoids(torch.arange(600)).index_copy(0, torch.tensor([257]), torch.zeros(1, 16)))
    net.table = nn.Embedding(600, 4)
    assert not failing(RULE, net)
