"""uk04 (control): RealNVP: alternating checkerboard masks, coupling nets whose last layer and log-scale gain start at zero

Link: https://arxiv.org/abs/1605.08803
Why it is NOT a bug: the flow starts as the identity; the masks are buffers of zeros and ones
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'uk04',
 'cls': 'control',
 'title': 'RealNVP: alternating checkerboard masks, coupling nets whose last layer and log-scale gain start at zero',
 'link': 'https://arxiv.org/abs/1605.08803',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the flow starts as the identity; the masks are buffers of zeros and ones',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Coupling(nn.Module):
    def __init__(self, d, parity):
        super().__init__()
        self.register_buffer("mask", (torch.arange(d) % 2 == parity).float())
        self.net = nn.Sequential(nn.Linear(d, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2 * d))
        for layer in (self.net[0], self.net[2]):
            nn.init.xavier_uniform_(layer.weight, nn.init.calculate_gain("tanh"))
            nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)
        self.log_gain = nn.Parameter(torch.zeros(d))

    def forward(self, x):
        s, t = self.net(x * self.mask).chunk(2, -1)
        s = torch.tanh(s) * self.log_gain.exp()
        return x * self.mask + (1 - self.mask) * (x * s.exp() + t)

def build():
    return nn.Sequential(*(Coupling(16, i % 2) for i in range(4)))

def example_input():
    return (torch.randn(128, 16),)
