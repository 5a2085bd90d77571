"""r20 (class 3): MMoE: all experts are filled with the constant 0.1, so they stay one expert for ever

Link: https://github.com/PaddlePaddle/PaddleRec/issues/721
Numerically: each entry of each expert is 0.1: units and experts are the same and get the same
    gradient
Expected finding: identical_params, duplicate_rows, low_resolution, wrong_distribution, correlated_weights  [visible from W]
"""
META = {'id': 'r20',
 'cls': 3,
 'title': 'MMoE: all experts are filled with the constant 0.1, so they stay one expert for ever',
 'link': 'https://github.com/PaddlePaddle/PaddleRec/issues/721',
 'also': [],
 'level': 'W',
 'expect': ['identical_params',
            'duplicate_rows',
            'low_resolution',
            'wrong_distribution',
            'correlated_weights'],
 'sees': 'each entry of each expert is 0.1: units and experts are the same and get the same gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class MMoE(nn.Module):
    def __init__(self, fix, d=32, h=12, experts=4, tasks=2):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(d, h) for _ in range(experts)])
        self.gates = nn.ModuleList([nn.Linear(d, experts) for _ in range(tasks)])
        self.towers = nn.ModuleList([nn.Linear(h, 1) for _ in range(tasks)])
        for m in self.experts:
            if fix:
                nn.init.xavier_uniform_(m.weight)
            else:
                nn.init.constant_(m.weight, 0.1)
            nn.init.constant_(m.bias, 0.1)

    def forward(self, x):
        e = torch.stack([torch.relu(f(x)) for f in self.experts], 1)
        return [t((g(x).softmax(-1)[..., None] * e).sum(1)) for g, t in zip(self.gates, self.towers)]

def _make(fix):
    return MMoE(fix)

def example_input():
    return (torch.randn(8, 32),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
