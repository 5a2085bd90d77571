"""n57 (class 6): Gemma's RMSNorm multiplies by (1 + weight), the common init fills weight with 1:
    every norm doubles

Link: https://github.com/huggingface/transformers/pull/40796
Numerically: norm weights are 1 where 0 was meant; the effective gain is 2
Expected finding: norm_gain_wrong, wrong_distribution, init_not_applied, special_init_overwritten
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n57',
 'cls': 6,
 'title': "Gemma's RMSNorm multiplies by (1 + weight), the common init fills weight with 1: every norm "
          'doubles',
 'link': 'https://github.com/huggingface/transformers/pull/40796',
 'also': [],
 'level': 'S',
 'expect': ['norm_gain_wrong', 'wrong_distribution', 'init_not_applied', 'special_init_overwritten'],
 'sees': 'norm weights are 1 where 0 was meant; the effective gain is 2',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*norm.weight': ['zeros']}}

import torch
from torch import nn
from torch.nn import functional as F

class GemmaRMSNorm(nn.Module):
    def __init__(self, d, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(d))

    def forward(self, x):
        y = x.float() * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.eps)
        return y * (1.0 + self.weight)

class Layer(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.input_norm = GemmaRMSNorm(d)
        self.up, self.down = nn.Linear(d, 2 * d, bias=False), nn.Linear(2 * d, d, bias=False)

    def forward(self, x):
        return x + self.down(F.gelu(self.up(self.input_norm(x))))

class Gemma(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.layers = nn.ModuleList([Layer() for _ in range(3)])
        self.norm = GemmaRMSNorm(32)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0, 0.02)
            elif "RMSNorm" in type(m).__name__ and not fix:
                m.weight.data.fill_(1.0)

    def forward(self, x):
        for l in self.layers:
            x = l(x)
        return self.norm(x)

def _make(fix):
    return Gemma(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 32),)
