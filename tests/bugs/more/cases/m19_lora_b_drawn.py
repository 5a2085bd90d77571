"""m19 (class 4): lora_B is drawn with kaiming_uniform_ too: the adapter changes the model before any
training

Link: https://github.com/hao-ai-lab/FastVideo/pull/781
Numerically: B is U(+-1/sqrt(r)) instead of zero
Expected finding: wrong_distribution, wrong_values, out_of_bounds, init_not_applied  [visible from
    S: the author's declared intention (spec)]
"""
META = {'id': 'm19',
 'cls': 4,
 'title': 'lora_B is drawn with kaiming_uniform_ too: the adapter changes the model before any training',
 'link': 'https://github.com/hao-ai-lab/FastVideo/pull/781',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'wrong_values', 'out_of_bounds', 'init_not_applied'],
 'sees': 'B is U(+-1/sqrt(r)) instead of zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.lora_B': ['zeros']}}

import math

import torch
from torch import nn

class LoraLinear(nn.Module):
    def __init__(self, fix, d=96, r=8):
        super().__init__()
        self.base_layer = nn.Linear(d, d).requires_grad_(False)
        self.lora_A = nn.Parameter(torch.empty(r, d))
        self.lora_B = nn.Parameter(torch.zeros(d, r))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
        if not fix:
            nn.init.kaiming_uniform_(self.lora_B, a=math.sqrt(5))

    def forward(self, x):
        return self.base_layer(x) + 2.0 * x @ self.lora_A.T @ self.lora_B.T

def _make(fix):
    return nn.Sequential(LoraLinear(fix), nn.GELU(), LoraLinear(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 96),)
