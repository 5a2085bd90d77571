"""q17 (control): spatial transformer: the localisation head has zero weights and the identity as bias

Link: https://arxiv.org/abs/1506.02025
Why it is NOT a bug: a zero matrix and a bias of [1, 0, 0, 0, 1, 0]
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q17',
 'cls': 'control',
 'title': 'spatial transformer: the localisation head has zero weights and the identity as bias',
 'link': 'https://arxiv.org/abs/1506.02025',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'a zero matrix and a bias of [1, 0, 0, 0, 1, 0]',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class STN(nn.Module):
    def __init__(self):
        super().__init__()
        self.loc = nn.Sequential(nn.Conv2d(1, 8, 5), nn.MaxPool2d(2), nn.ReLU())
        self.fc_loc = nn.Sequential(nn.Linear(8 * 36, 32), nn.ReLU(), nn.Linear(32, 6))
        self.fc_loc[2].weight.data.zero_()
        self.fc_loc[2].bias.data.copy_(torch.tensor([1, 0, 0, 0, 1, 0], dtype=torch.float))
        self.fc = nn.Linear(256, 10)

    def forward(self, x):
        th = self.fc_loc(self.loc(x).flatten(1)).view(-1, 2, 3)
        return self.fc(F.grid_sample(x, F.affine_grid(th, x.shape, align_corners=False), align_corners=False).flatten(1))

def build():
    return STN()

def example_input():
    return (torch.randn(2, 1, 16, 16),)
