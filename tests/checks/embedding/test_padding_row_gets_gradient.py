"""Padding rows under training."""

from __future__ import annotations

import torch
from torch import nn

from embcheck.commands.audit import audit


def test_torch_keeps_its_promises_but_for_those_known(kept) -> None:
    assert kept("padding-row-gets-gradient") == [
        "a padding row of ones under SGD(lr=0.1, weight_decay=0.1)",
        "a padding row of ones under Adam(lr=0.1, weight_decay=0.1)",
        "a padding row of ones under AdamW(lr=0.1)",
        "a padding row of a table that is also the output layer",
        "padding_idx set after a step of Adam",
    ]


class Net(nn.Module):
    def __init__(self, padding_idx) -> None:
        super().__init__()
        self.emb = nn.Embedding(50, 16, padding_idx=padding_idx)
        with torch.no_grad():
            self.emb.weight.normal_(0, 0.25)
            self.emb.weight[0].zero_()
        self.head = nn.Linear(16, 3)

    def forward(self, ids):
        return self.head(self.emb(ids).mean(1))


def test_a_row_zeroed_by_hand_is_caught_and_a_declared_one_is_not() -> None:
    ids = (torch.tensor([[4, 9, 0, 0], [7, 0, 0, 0]]),)
    torch.manual_seed(0)
    caught = [o for o in audit(Net(None), inputs=ids).failed if o.rule == "padding-row-gets-gradient"]
    assert [o.subject for o in caught] == ["emb.weight[0]"]
    assert not [o for o in audit(Net(0), inputs=ids).failed if o.rule == "padding-row-gets-gradient"]
