"""t14 (class 6): DoRA divides by the column norms of the base weight, which is zero in a zero-initialised projection

Link: https://github.com/KohakuBlueleaf/LyCORIS/pull/166
Numerically: 0 * 0 / 0 in every entry of the recomputed weight
Expected finding: nan_inf, failed_forward, dead_signal  [visible from F: one forward pass or first-
    step gradient with an example input]
"""
META = {'id': 't14',
 'cls': 6,
 'title': 'DoRA divides by the column norms of the base weight, which is zero in a zero-initialised '
          'projection',
 'link': 'https://github.com/KohakuBlueleaf/LyCORIS/pull/166',
 'also': [],
 'level': 'F',
 'expect': ['nan_inf', 'failed_forward', 'dead_signal'],
 'sees': '0 * 0 / 0 in every entry of the recomputed weight',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
import torch.nn.utils.parametrize as parametrize

class DoRA(nn.Module):
    def __init__(self, weight, fix, r=4):
        super().__init__()
        self.eps = 1e-6 if fix else 0.0
        self.lora_down = nn.Parameter(torch.empty(r, weight.shape[1]))
        self.lora_up = nn.Parameter(torch.zeros(weight.shape[0], r))
        nn.init.kaiming_uniform_(self.lora_down, a=5**0.5)
        self.dora_scale = nn.Parameter(weight.norm(dim=1, keepdim=True).detach().clone())

    def forward(self, weight):
        moved = weight + self.lora_up @ self.lora_down
        return self.dora_scale * moved / (moved.norm(dim=1, keepdim=True) + self.eps)

class Block(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.proj_in = nn.Linear(d, d)
        self.proj_out = nn.Linear(d, d)
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, x):
        return x + self.proj_out(torch.nn.functional.silu(self.proj_in(self.norm(x))))

def _make(fix):
    block = Block()
    for layer in (block.proj_in, block.proj_out):
        layer.requires_grad_(False)
        parametrize.register_parametrization(layer, "weight", DoRA(layer.weight, fix))
    return nn.Sequential(block, nn.Linear(32, 8))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 32),)
