"""n58 (class 6): RMSNorm's scale is created with zeros and multiplies the input: every output is zero

Link: https://github.com/google-research/timesfm/pull/481
Numerically: scale = 0 in every RMSNorm; the LayerNorms beside it have ones
Expected finding: norm_gain_wrong, dead_signal, all_zero_param  [visible from W: values in the state
    dict alone]
"""
META = {'id': 'n58',
 'cls': 6,
 'title': "RMSNorm's scale is created with zeros and multiplies the input: every output is zero",
 'link': 'https://github.com/google-research/timesfm/pull/481',
 'also': [],
 'level': 'W',
 'expect': ['norm_gain_wrong', 'dead_signal', 'all_zero_param'],
 'sees': 'scale = 0 in every RMSNorm; the LayerNorms beside it have ones',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RMSNorm(nn.Module):
    def __init__(self, d, fix, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.scale = nn.Parameter(torch.ones(d) if fix else torch.zeros(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.scale

class TimesFM(nn.Module):
    def __init__(self, fix, d=32):
        super().__init__()
        self.tokenizer = nn.Linear(16, d)
        self.norm1, self.norm2 = RMSNorm(d, fix), nn.LayerNorm(d)
        self.ff, self.head = nn.Linear(d, d), nn.Linear(d, 16)

    def forward(self, x):
        h = self.tokenizer(x)
        h = torch.relu(self.ff(self.norm1(h)))
        return self.head(self.norm2(h))

def _make(fix):
    return TimesFM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 16),)
