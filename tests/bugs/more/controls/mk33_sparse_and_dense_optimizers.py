"""mk33 (control): sparse tables with SparseAdam, the rest with AdamW

Link: https://github.com/pytorch/pytorch/issues/30402
Why it is NOT a bug: two optimizers, each on its own parameters
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk33',
 'cls': 'control',
 'title': 'sparse tables with SparseAdam, the rest with AdamW',
 'link': 'https://github.com/pytorch/pytorch/issues/30402',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'two optimizers, each on its own parameters',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, n=60, d=8):
        super().__init__()
        self.emb = nn.Embedding(n, d, sparse=True)
        nn.init.normal_(self.emb.weight, 0.0, 0.1)
        self.fc = nn.Linear(d, 1)
        self.optimizers = [torch.optim.SparseAdam(list(self.emb.parameters())), torch.optim.AdamW(self.fc.parameters())]

    def forward(self, ids):
        return self.fc(self.emb(ids).mean(1))

def build():
    return Net()

def example_input():
    return (torch.randint(0, 60, (4, 5)),)
