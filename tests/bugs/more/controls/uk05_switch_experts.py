"""uk05 (control): Switch transformer: experts in one tensor, truncated normal of variance 0.1/fan_in within two std

Link: https://arxiv.org/abs/2101.03961
Why it is NOT a bug: the tenfold smaller variance is the paper's stabilisation; experts differ
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'uk05',
 'cls': 'control',
 'title': 'Switch transformer: experts in one tensor, truncated normal of variance 0.1/fan_in within two std',
 'link': 'https://arxiv.org/abs/2101.03961',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': "the tenfold smaller variance is the paper's stabilisation; experts differ",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _trunc(w, fan_in, s=0.1):
    std = math.sqrt(s / fan_in)
    nn.init.trunc_normal_(w, std=std, a=-2 * std, b=2 * std)

class Switch(nn.Module):
    def __init__(self, d=64, h=128, e=8):
        super().__init__()
        self.norm, self.router = nn.LayerNorm(d), nn.Linear(d, e, bias=False)
        self.wi, self.wo = nn.Parameter(torch.empty(e, d, h)), nn.Parameter(torch.empty(e, h, d))
        _trunc(self.router.weight, d)
        _trunc(self.wi, d)
        _trunc(self.wo, h)

    def forward(self, x):
        y = self.norm(x)
        gate, expert = self.router(y).softmax(-1).max(-1)
        h = torch.relu(torch.einsum("td,edh->teh", y, self.wi))
        out = torch.einsum("teh,ehd->ted", h, self.wo)
        return x + gate[:, None] * out[torch.arange(len(x)), expert]

def build():
    return nn.Sequential(Switch(), Switch())

def example_input():
    return (torch.randn(256, 64),)
