"""tk02 (control): VeRA: one frozen random pair of matrices serves all layers, only two vectors of each are trained

Link: https://arxiv.org/abs/2310.11454
Why it is NOT a bug: A and B are shared buffers on purpose; lambda_d starts at 0.1 and lambda_b at
    zero
Expected finding: none (must stay silent)  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 'tk02',
 'cls': 'control',
 'title': 'VeRA: one frozen random pair of matrices serves all layers, only two vectors of each are trained',
 'link': 'https://arxiv.org/abs/2310.11454',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'A and B are shared buffers on purpose; lambda_d starts at 0.1 and lambda_b at zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class VeRALinear(nn.Module):
    def __init__(self, base, a, b):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.register_buffer("vera_A", a, persistent=False)
        self.register_buffer("vera_B", b, persistent=False)
        self.vera_lambda_d = nn.Parameter(torch.full((a.shape[0],), 0.1))
        self.vera_lambda_b = nn.Parameter(torch.zeros(b.shape[0]))

    def forward(self, x):
        return self.base(x) + self.vera_lambda_b * ((self.vera_lambda_d * (x @ self.vera_A.T)) @ self.vera_B.T)

def build(d=48, r=16):
    a = nn.init.kaiming_uniform_(torch.empty(r, d))
    b = nn.init.kaiming_uniform_(torch.empty(d, r))
    layers = []
    for _ in range(3):
        base = nn.Linear(d, d)
        nn.init.kaiming_normal_(base.weight, nonlinearity="relu")
        nn.init.zeros_(base.bias)
        layers += [VeRALinear(base, a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])

def example_input():
    return (torch.randn(8, 48),)
