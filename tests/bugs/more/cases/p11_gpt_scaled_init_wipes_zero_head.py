"""p11 (class 6): final layer of the diffusion transformer is drawn with xavier instead of zero

Link: https://github.com/MCG-NJU/DDT/issues/14
Numerically: final_layer.linear.weight follows xavier_uniform
Expected finding: special_init_overwritten, init_not_applied, scale_too_large, wrong_distribution
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'p11',
 'cls': 6,
 'title': 'final layer of the diffusion transformer is drawn with xavier instead of zero',
 'link': 'https://github.com/MCG-NJU/DDT/issues/14',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': 'final_layer.linear.weight follows xavier_uniform',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'final_layer.*.weight': ['zeros'], 'final_layer.*.bias': ['zeros']}}

import torch
from torch import nn
from torch.nn import functional as F

class Final(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d, elementwise_affine=False)
        self.linear = nn.Linear(d, 16)

    def forward(self, x):
        return self.linear(self.norm(x))

class Net(nn.Module):
    def __init__(self, fix, d=48):
        super().__init__()
        self.x_embedder = nn.Linear(16, d)
        self.final_layer = Final(d)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)
                nn.init.zeros_(m.bias)
        if fix:
            nn.init.zeros_(self.final_layer.linear.weight)

    def forward(self, x):
        return self.final_layer(F.silu(self.x_embedder(x)))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 16),)
