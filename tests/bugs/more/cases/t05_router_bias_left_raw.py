"""t05 (class 2): Router.init_weights draws gate.weight after to_empty and forgets gate.bias

Link: https://github.com/pytorch/torchtitan/pull/2450
Numerically: the bias of each router is raw memory (NaN with deterministic algorithms)
Expected finding: garbage_values, nan_inf, outliers  [visible from W: values in the state dict
    alone]
"""
META = {'id': 't05',
 'cls': 2,
 'title': 'Router.init_weights draws gate.weight after to_empty and forgets gate.bias',
 'link': 'https://github.com/pytorch/torchtitan/pull/2450',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'outliers'],
 'sees': 'the bias of each router is raw memory (NaN with deterministic algorithms)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Router(nn.Module):
    def __init__(self, d, n):
        super().__init__()
        self.gate = nn.Linear(d, n)

    def init_weights(self, fix):
        nn.init.trunc_normal_(self.gate.weight, 0, 0.02)
        if fix:
            nn.init.zeros_(self.gate.bias)

    def forward(self, x):
        return torch.softmax(self.gate(x), -1)

class MoE(nn.Module):
    def __init__(self, d=32, n=8):
        super().__init__()
        self.router = Router(d, n)
        self.w1 = nn.Parameter(torch.empty(n, d, 2 * d))
        self.w2 = nn.Parameter(torch.empty(n, 2 * d, d))

    def init_weights(self, fix):
        self.router.init_weights(fix)
        nn.init.trunc_normal_(self.w1, 0, 0.02)
        nn.init.trunc_normal_(self.w2, 0, 0.02)

    def forward(self, x):
        y = torch.relu(torch.einsum("bd,edh->beh", x, self.w1))
        y = torch.einsum("beh,ehd->bed", y, self.w2)
        return x + (self.router(x).unsqueeze(-1) * y).sum(1)

def _make(fix):
    with torch.device("meta"):
        model = nn.Sequential(MoE(), MoE(), MoE())
    torch.use_deterministic_algorithms(True)  # fills what torch.empty returns with NaN
    try:
        model.to_empty(device="cpu")
    finally:
        torch.use_deterministic_algorithms(False)
    for layer in model:
        layer.init_weights(fix)
    return model

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(16, 32),)
