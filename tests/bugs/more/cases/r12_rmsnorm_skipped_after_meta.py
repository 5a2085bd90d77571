"""r12 (class 2): meta device, to_empty, then model.apply(_init_weights), which knows Linear and Embedding but not RMSNorm

Link: https://github.com/mosaicml/llm-foundry/pull/1745
Numerically: norm weights are uninitialised (NaN in the report), everything else is drawn
Expected finding: nan_inf, norm_gain_wrong, garbage_values  [visible from W]
Stand-in: deterministic mode fills uninitialised memory with NaN
"""
META = {'id': 'r12',
 'cls': 2,
 'title': 'meta device, to_empty, then model.apply(_init_weights), which knows Linear and Embedding but not '
          'RMSNorm',
 'link': 'https://github.com/mosaicml/llm-foundry/pull/1745',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'norm_gain_wrong', 'garbage_values'],
 'sees': 'norm weights are uninitialised (NaN in the report), everything else is drawn',
 'severity': 'silent',
 'stand_in': 'deterministic mode fills uninitialised memory with NaN',
 'spec': None}

import torch
from torch import nn

class RMSNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)

class Block(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.norm, self.up, self.down = RMSNorm(d), nn.Linear(d, 2 * d, bias=False), nn.Linear(2 * d, d, bias=False)

    def forward(self, x):
        return x + self.down(torch.relu(self.up(self.norm(x))))

def _init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=0.02)

def _make(fix):
    with torch.device("meta"):
        model = nn.Sequential(Block(), Block())
    on = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        model.to_empty(device="cpu")
    finally:
        torch.use_deterministic_algorithms(on)
    model.apply(_init_weights)
    if fix:
        for m in model.modules():
            if isinstance(m, RMSNorm):
                nn.init.ones_(m.weight)
    return model

def example_input():
    return (torch.randn(3, 32),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
