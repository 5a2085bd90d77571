"""n66 (class 6): LayerScale.reset_parameters sets gamma to ones and ignores init_values

Link: https://github.com/huggingface/pytorch-image-models/pull/2605
Numerically: gamma = 1 instead of 1e-6
Expected finding: special_init_overwritten, init_not_applied, wrong_distribution, scale_too_large
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n66',
 'cls': 6,
 'title': 'LayerScale.reset_parameters sets gamma to ones and ignores init_values',
 'link': 'https://github.com/huggingface/pytorch-image-models/pull/2605',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'wrong_distribution', 'scale_too_large'],
 'sees': 'gamma = 1 instead of 1e-6',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.ls.gamma': ['constant', 1e-06]}}

import torch
from torch import nn
from torch.nn import functional as F

class LayerScale(nn.Module):
    def __init__(self, d, fix, init_values=1e-6):
        super().__init__()
        self.gamma = nn.Parameter(torch.empty(d))
        nn.init.constant_(self.gamma, init_values) if fix else nn.init.ones_(self.gamma)

    def forward(self, x):
        return x * self.gamma

class Block(nn.Module):
    def __init__(self, fix, c=16):
        super().__init__()
        self.dw = nn.Conv1d(c, c, 7, padding=3, groups=c)
        self.norm = nn.LayerNorm(c)
        self.pw = nn.Linear(c, c)
        self.ls = LayerScale(c, fix)

    def forward(self, x):
        return x + self.ls(F.gelu(self.pw(self.norm(self.dw(x.transpose(1, 2)).transpose(1, 2)))))

def _make(fix):
    return nn.Sequential(Block(fix), Block(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 9, 16),)
