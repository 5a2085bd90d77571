"""n67 (class 6): init_weights after weight_norm fills the recomputed tensor: the next forward throws
    it away

Link: https://github.com/jik876/hifi-gan/issues/145
Numerically: weight is N(0, 0.01) until the first forward, then g * v / |v| of the default init
Expected finding: init_lost_after_forward, init_not_applied, lost_registration  [visible from M: the
    live module object]
"""
META = {'id': 'n67',
 'cls': 6,
 'title': 'init_weights after weight_norm fills the recomputed tensor: the next forward throws it away',
 'link': 'https://github.com/jik876/hifi-gan/issues/145',
 'also': [],
 'level': 'M',
 'expect': ['init_lost_after_forward', 'init_not_applied', 'lost_registration'],
 'sees': 'weight is N(0, 0.01) until the first forward, then g * v / |v| of the default init',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import warnings
import torch
from torch import nn
from torch.nn import functional as F

class Generator(nn.Module):
    def __init__(self, fix):
        super().__init__()
        wn = lambda m: torch.nn.utils.weight_norm(m)
        self.conv_pre = wn(nn.Conv1d(20, 32, 7, padding=3))
        convs = [nn.Conv1d(32, 32, 3, padding=1) for _ in range(3)]
        if fix:
            for c in convs:
                c.weight.data.normal_(0.0, 0.01)
        self.resblock = nn.ModuleList([wn(c) for c in convs])
        if not fix:
            self.resblock.apply(self.init_weights)

    @staticmethod
    def init_weights(m, mean=0.0, std=0.01):
        if m.__class__.__name__.find("Conv") != -1:
            m.weight.data.normal_(mean, std)

    def forward(self, x):
        x = self.conv_pre(x)
        for c in self.resblock:
            x = x + c(F.leaky_relu(x, 0.1))
        return x

def _make(fix):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Generator(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 20, 12),)
