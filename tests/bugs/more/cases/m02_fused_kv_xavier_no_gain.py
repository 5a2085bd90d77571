"""m02 (class 4): fused key-value projection xavier-initialised as one matrix: fan_out is doubled, the
scale too small

Link: https://github.com/NVIDIA/apex/pull/910
Numerically: std sqrt(2/(d + 2d)) instead of sqrt(2/(d + d)): 18% too small
Expected finding: scale_too_small  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm02',
 'cls': 4,
 'title': 'fused key-value projection xavier-initialised as one matrix: fan_out is doubled, the scale too '
          'small',
 'link': 'https://github.com/NVIDIA/apex/pull/910',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small'],
 'sees': 'std sqrt(2/(d + 2d)) instead of sqrt(2/(d + d)): 18% too small',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'in_proj_weight_kv': ['uniform', -0.125, 0.125]}}

import math

import torch
from torch import nn

class EncDecAttention(nn.Module):
    def __init__(self, fix, d=192):
        super().__init__()
        self.in_proj_weight_q = nn.Parameter(torch.empty(d, d))
        self.in_proj_weight_kv = nn.Parameter(torch.empty(2 * d, d))
        self.out_proj_weight = nn.Parameter(torch.empty(d, d))
        nn.init.xavier_uniform_(self.in_proj_weight_q)
        nn.init.xavier_uniform_(self.in_proj_weight_kv, gain=math.sqrt(1.5) if fix else 1.0)
        nn.init.xavier_uniform_(self.out_proj_weight)

    def forward(self, q, kv):
        q = q @ self.in_proj_weight_q.T
        k, v = (kv @ self.in_proj_weight_kv.T).chunk(2, -1)
        a = (q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1)
        return a @ v @ self.out_proj_weight.T

def _make(fix):
    return EncDecAttention(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 192), torch.randn(2, 7, 192))
