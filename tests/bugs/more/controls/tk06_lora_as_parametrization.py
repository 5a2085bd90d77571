"""tk06 (control): LoRA as a parametrization over an orthogonal one: B is zero, the base frozen

Link: https://arxiv.org/abs/2106.09685
Why it is NOT a bug: the adapter is the identity at the start, in the form torch's own parametrize
    offers
Expected finding: none (must stay silent)  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 'tk06',
 'cls': 'control',
 'title': 'LoRA as a parametrization over an orthogonal one: B is zero, the base frozen',
 'link': 'https://arxiv.org/abs/2106.09685',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': "the adapter is the identity at the start, in the form torch's own parametrize offers",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn
import torch.nn.utils.parametrize as parametrize
from torch.nn.utils.parametrizations import orthogonal

class LoRAParametrization(nn.Module):
    def __init__(self, n_out, n_in, rank=4):
        super().__init__()
        self.lora_A = nn.Parameter(torch.empty(rank, n_in))
        self.lora_B = nn.Parameter(torch.zeros(n_out, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def forward(self, w):
        return w + self.lora_B @ self.lora_A

class Net(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.mix = orthogonal(nn.Linear(d, d, bias=False))
        self.layers = nn.ModuleList(nn.Linear(d, d) for _ in range(2))
        self.requires_grad_(False)
        for layer in self.layers:
            parametrize.register_parametrization(layer, "weight", LoRAParametrization(d, d))
        self.head = nn.Linear(d, 4)

    def forward(self, x):
        x = self.mix(x)
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.head(x)

def build():
    return Net()

def example_input():
    return (torch.randn(8, 32),)
