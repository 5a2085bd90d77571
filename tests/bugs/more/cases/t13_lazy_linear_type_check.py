"""t13 (class 6): the init function asks for type(m) == nn.LazyLinear, which is nn.Linear after the dry run

Link: https://github.com/d2l-ai/d2l-en/pull/2225
Numerically: both layers keep torch's default instead of N(0, 0.01)
Expected finding: init_not_applied, scale_too_large, wrong_distribution  [visible from S: the
    author's declared intention (META['spec'])]
"""
META = {'id': 't13',
 'cls': 6,
 'title': 'the init function asks for type(m) == nn.LazyLinear, which is nn.Linear after the dry run',
 'link': 'https://github.com/d2l-ai/d2l-en/pull/2225',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': "both layers keep torch's default instead of N(0, 0.01)",
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.weight': ['normal', 0.0, 0.01]}}

import torch
from torch import nn

def _make(fix):
    net = nn.Sequential(nn.LazyLinear(48), nn.ReLU(), nn.LazyLinear(10))
    net(torch.rand(2, 40))

    def init_normal(module):
        if type(module) == (nn.Linear if fix else nn.LazyLinear):
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.zeros_(module.bias)
    net.apply(init_normal)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.rand(8, 40),)
