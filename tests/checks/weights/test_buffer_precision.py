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
