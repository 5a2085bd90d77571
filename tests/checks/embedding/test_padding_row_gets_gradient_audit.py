import torch
from torch import nn

RULE = "padding-row-gets-gradient"
IDS = (torch.tensor([[4, 9, 0, 0], [7, 0, 0, 0]]),)


class Net(nn.Module):
    def __init__(self, padding_idx: int | None, zeroed: bool = True, tied: bool = False) -> None:
        super().__init__()
        self.emb = nn.Embedding(12, 8, padding_idx=padding_idx)
        with torch.no_grad():
            self.emb.weight.normal_(0, 0.25)
            if zeroed:
                self.emb.weight[0].zero_()
        self.head = nn.Linear(8, 12, bias=False)
        if tied:
            self.head.weight = self.emb.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.emb(ids).mean(1))


def test_padding_idx_blocks_the_gradient(failing) -> None:
    assert not failing(RULE, Net(0), inputs=IDS)


def test_row_zeroed_by_hand_is_trained(failing) -> None:
    assert set(failing(RULE, Net(None), inputs=IDS)) == {"emb.weight[0]"}


def test_declared_row(failing) -> None:
    expect = {"emb.weight": {"law": "any()", "padding_idx": 0}}
    assert failing(RULE, Net(None, zeroed=False), inputs=IDS, expect=expect)
    assert not failing(RULE, Net(None, zeroed=False), inputs=IDS)


def test_tied_output_sends_gradient_into_the_row(failing) -> None:
    assert failing(RULE, Net(0, tied=True), inputs=IDS)


def test_model_is_left_as_it_was(failing) -> None:
    net = Net(None).train()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    failing(RULE, net, inputs=IDS)
    assert net.training
    assert all(p.grad is None for p in net.parameters())
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert not net.emb._forward_hooks and not net.emb._forward_pre_hooks
