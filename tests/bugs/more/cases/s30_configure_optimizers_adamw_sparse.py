"""s30 (class 10): configure_optimizers returns ([AdamW], [scheduler]) over a model with
    EmbeddingBag(sparse=True)

Link: https://github.com/meta-pytorch/torchrec/issues/2821
Also: https://github.com/pytorch/pytorch/issues/4684
Numerically: RuntimeError at the first step: AdamW does not support sparse gradients
Expected finding: sparse_optimizer  [visible from X: running the offending operation]
"""
META = {'id': 's30',
 'cls': 10,
 'title': 'configure_optimizers returns ([AdamW], [scheduler]) over a model with EmbeddingBag(sparse=True)',
 'link': 'https://github.com/meta-pytorch/torchrec/issues/2821',
 'also': ['https://github.com/pytorch/pytorch/issues/4684'],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError at the first step: AdamW does not support sparse gradients',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.bag = nn.EmbeddingBag(60, 8, mode="sum", sparse=not fix)
        self.fc = nn.Linear(8, 4)

    def forward(self, ids):
        return self.fc(self.bag(ids))

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=1e-3, weight_decay=0.0)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 10)]

def probe(net):
    (optimizer,), _ = net.configure_optimizers()
    net(torch.tensor([[1, 2, 3]])).sum().backward()
    optimizer.step()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 3], [4, 5, 6]]),)
