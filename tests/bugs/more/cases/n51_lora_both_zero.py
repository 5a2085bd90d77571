"""n51 (class 6): LoRA is injected before init_weights, which zeroes lora_A as well: the adapter can
    never learn

Link: https://github.com/nvidia-cosmos/cosmos-predict2.5/pull/15
Numerically: lora_A and lora_B are both exactly zero: both gradients are zero for ever
Expected finding: all_zero_param, dead_gradient  [visible from W: values in the state dict alone]
"""
META = {'id': 'n51',
 'cls': 6,
 'title': 'LoRA is injected before init_weights, which zeroes lora_A as well: the adapter can never learn',
 'link': 'https://github.com/nvidia-cosmos/cosmos-predict2.5/pull/15',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'dead_gradient'],
 'sees': 'lora_A and lora_B are both exactly zero: both gradients are zero for ever',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class LoRALinear(nn.Module):
    def __init__(self, d, r=8):
        super().__init__()
        self.base_layer = nn.Linear(d, d)
        self.base_layer.requires_grad_(False)
        self.lora_A = nn.Linear(d, r, bias=False)
        self.lora_B = nn.Linear(r, d, bias=False)
        nn.init.kaiming_uniform_(self.lora_A.weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x):
        return self.base_layer(x) + 2.0 * self.lora_B(self.lora_A(x))

def _make(fix):
    net = nn.Sequential(LoRALinear(48), nn.SiLU(), LoRALinear(48))
    for n, m in net.named_modules():
        if isinstance(m, nn.Linear) and "lora_A" in n and not fix:
            nn.init.zeros_(m.weight)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 48),)
