"""n68 (class 6): with parametrizations.weight_norm, m.weight.data.normal_() writes into a temporary:
    the init does nothing at all

Link: https://github.com/MiniMax-AI/MiniMax-H3/pull/14
Numerically: the effective weight keeps torch's default U(+-1/sqrt(fan_in)) instead of N(0, 0.01)
Expected finding: init_not_applied, init_lost_after_forward, scale_too_large  [visible from S: the
    author's declared intention (spec)]
"""
META = {'id': 'n68',
 'cls': 6,
 'title': 'with parametrizations.weight_norm, m.weight.data.normal_() writes into a temporary: the init does '
          'nothing at all',
 'link': 'https://github.com/MiniMax-AI/MiniMax-H3/pull/14',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'init_lost_after_forward', 'scale_too_large'],
 'sees': "the effective weight keeps torch's default U(+-1/sqrt(fan_in)) instead of N(0, 0.01)",
 'severity': 'silent',
 'stand_in': None,
 'spec': {'convs.*.weight': ['normal', 0.0, 0.01]}}

import torch
from torch import nn
from torch.nn import functional as F

class Decoder(nn.Module):
    def __init__(self, fix, c=32):
        super().__init__()
        convs = [nn.Conv1d(c, c, 5, padding=2) for _ in range(3)]
        if fix:
            for m in convs:
                m.weight.data.normal_(0, 0.01)
        self.convs = nn.ModuleList([nn.utils.parametrizations.weight_norm(m) for m in convs])
        if not fix:
            self.convs.apply(self.init)

    @staticmethod
    def init(m):
        if "Conv" in type(m).__name__:
            m.weight.data.normal_(0, 0.01)

    def forward(self, x):
        for m in self.convs:
            x = x + m(F.leaky_relu(x, 0.1))
        return x

def _make(fix):
    return Decoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 32, 11),)
