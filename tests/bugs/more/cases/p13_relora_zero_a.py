"""p13 (class 6): ReLoRA zeroes lora_A as well when it keeps the original weights

Link: https://github.com/Guitaricet/relora/issues/18
Numerically: both factors are zero in every wrapped layer
Expected finding: all_zero_param, dead_gradient  [visible from W: values in the state dict alone]
"""
META = {'id': 'p13',
 'cls': 6,
 'title': 'ReLoRA zeroes lora_A as well when it keeps the original weights',
 'link': 'https://github.com/Guitaricet/relora/issues/18',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'dead_gradient'],
 'sees': 'both factors are zero in every wrapped layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class ReLoRa(nn.Module):
    def __init__(self, d, r, fix):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(d, d) * d ** -0.5, requires_grad=False)
        self.lora_A, self.lora_B = nn.Linear(d, r, bias=False), nn.Linear(r, d, bias=False)
        nn.init.zeros_(self.lora_B.weight)
        if not fix:
            nn.init.zeros_(self.lora_A.weight)

    def forward(self, x):
        return F.linear(x, self.weight) + self.lora_B(self.lora_A(x))

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.emb = nn.Embedding(60, 32)
        self.layers = nn.ModuleList([ReLoRa(32, 4, fix) for _ in range(2)])

    def forward(self, ids):
        x = self.emb(ids)
        for l in self.layers:
            x = torch.tanh(l(x))
        return x

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 60, (2, 5)),)
