"""n50 (class 6): adaLN-Zero without the zero: the modulation linear keeps its random init

Link: https://github.com/SWivid/F5-TTS/issues/793
Numerically: adaLN_modulation weights are U(+-1/sqrt(fan_in)); each block starts far from identity
Expected finding: special_init_overwritten, init_not_applied, scale_too_large, wrong_distribution
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n50',
 'cls': 6,
 'title': 'adaLN-Zero without the zero: the modulation linear keeps its random init',
 'link': 'https://github.com/SWivid/F5-TTS/issues/793',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': 'adaLN_modulation weights are U(+-1/sqrt(fan_in)); each block starts far from identity',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'blocks.*.adaLN_modulation.1.weight': ['zeros'], 'blocks.*.adaLN_modulation.1.bias': ['zeros']}}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.norm = nn.LayerNorm(d, elementwise_affine=False)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(d, 3 * d))

    def forward(self, x, c):
        shift, scale, gate = self.adaLN_modulation(c).chunk(3, -1)
        return x + gate * self.mlp(self.norm(x) * (1 + scale) + shift)

class DiT(nn.Module):
    def __init__(self, fix, n=3, d=32):
        super().__init__()
        self.blocks = nn.ModuleList([Block(d) for _ in range(n)])
        self.out = nn.Linear(d, d)
        if fix:
            for b in self.blocks:
                nn.init.constant_(b.adaLN_modulation[-1].weight, 0)
                nn.init.constant_(b.adaLN_modulation[-1].bias, 0)

    def forward(self, x, c):
        for b in self.blocks:
            x = b(x, c)
        return self.out(x)

def _make(fix):
    return DiT(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 32), torch.randn(4, 32))
