"""sk10 (control): a dense table stepped by Adagrad without decay: rows that are not in the batch stay

Link: https://github.com/pytorch/pytorch/issues/18404
Why it is NOT a bug: a row with zero gradient is not moved
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk10',
 'cls': 'control',
 'title': 'a dense table stepped by Adagrad without decay: rows that are not in the batch stay',
 'link': 'https://github.com/pytorch/pytorch/issues/18404',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'a row with zero gradient is not moved',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.user, self.item = nn.Embedding(40, 8), nn.Embedding(60, 8)
        for e in (self.user, self.item):
            nn.init.normal_(e.weight, 0.0, 0.1)
        self.optimizer = torch.optim.Adagrad(self.parameters(), lr=0.05)

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(-1)

def build():
    return Net()

def example_input():
    return torch.tensor([1, 2, 3, 4]), torch.tensor([5, 6, 7, 8])
