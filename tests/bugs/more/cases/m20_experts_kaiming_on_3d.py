"""m20 (class 4): expert weights (experts, in, out) given whole to kaiming_uniform_: fan_in = in*out

Link: https://github.com/hpcaitech/ColossalAI/pull/251
Numerically: each expert matrix sqrt(out) too small
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 'm20',
 'cls': 4,
 'title': 'expert weights (experts, in, out) given whole to kaiming_uniform_: fan_in = in*out',
 'link': 'https://github.com/hpcaitech/ColossalAI/pull/251',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'each expert matrix sqrt(out) too small',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Experts(nn.Module):
    def __init__(self, fix, e=4, d=64, h=128):
        super().__init__()
        self.w1 = nn.Parameter(torch.empty(e, d, h))
        self.w2 = nn.Parameter(torch.empty(e, h, d))
        for w in (self.w1, self.w2):
            for m in (w.data.transpose(1, 2) if fix else [w.data]):
                nn.init.kaiming_uniform_(m, nonlinearity="relu" if w is self.w1 else "linear")
        self.router = nn.Linear(d, e)

    def forward(self, x):
        gate = self.router(x).softmax(-1)
        h = torch.relu(torch.einsum("td,edh->eth", x, self.w1))
        return torch.einsum("te,etd->td", gate, torch.einsum("eth,ehd->etd", h, self.w2)) * 2.0

class MoE(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.inp = nn.Linear(64, 64)
        self.moe = Experts(fix)
        self.moe2 = Experts(fix)

    def forward(self, x):
        return self.moe2(self.moe(self.inp(x)))

def _make(fix):
    return MoE(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(50, 64),)
