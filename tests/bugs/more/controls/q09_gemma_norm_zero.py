"""q09 (control): Gemma's RMSNorm computes x * (1 + weight): zeros are the neutral gain

Link: https://github.com/huggingface/transformers/pull/40449
Why it is NOT a bug: all norm weights are 0, the effective gain is 1
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q09',
 'cls': 'control',
 'title': "Gemma's RMSNorm computes x * (1 + weight): zeros are the neutral gain",
 'link': 'https://github.com/huggingface/transformers/pull/40449',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'all norm weights are 0, the effective gain is 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * (1 + self.weight)

class Layer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.input_layernorm, self.fc = RMSNorm(d), nn.Linear(d, d, bias=False)
        nn.init.normal_(self.fc.weight, 0, 0.02)

    def forward(self, x):
        return x + self.fc(self.input_layernorm(x))

def build():
    return nn.Sequential(Layer(32), Layer(32), RMSNorm(32))

def example_input():
    return (torch.randn(3, 32),)
