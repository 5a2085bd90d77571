"""Which parameters a pass computes with through `.data`."""

from __future__ import annotations

import torch
from torch import nn

from embcheck.propagation.traced.trace import trace


class Net(nn.Module):
    """Reads its vectors directly, by `.data`, by a view of that, by `detach()`, and without gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(3, 3)
        for name in ("direct", "data", "view", "detached", "updated", "looked"):
            setattr(self, name, nn.Parameter(torch.randn(3)))
        self.frozen = nn.Parameter(torch.randn(3), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            self.updated.data.mul_(0.5)
        self.mean = self.looked.data.mean()
        h = self.lin(x) * self.direct + self.data.data + self.view.data.flip(0).unsqueeze(0)
        return h * self.detached.detach() + self.updated + self.frozen.data


def test_what_is_read_through_data_and_used() -> None:
    assert trace(Net(), (torch.randn(2, 3),)).cut == {"data": "", "view": ""}


def test_the_module_that_did_it_is_named() -> None:
    assert trace(nn.Sequential(Net()), (torch.randn(2, 3),)).cut == {"0.data": "0", "0.view": "0"}
