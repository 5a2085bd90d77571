"""rk14 (control): NoisyNet: all sigmas are one constant, the noise buffers differ; C51's support is a buffer

Link: https://arxiv.org/abs/1706.10295
Why it is NOT a bug: mu is U(+-1/sqrt(fan_in)), sigma 0.5/sqrt(fan_in) everywhere
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk14',
 'cls': 'control',
 'title': "NoisyNet: all sigmas are one constant, the noise buffers differ; C51's support is a buffer",
 'link': 'https://arxiv.org/abs/1706.10295',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'mu is U(+-1/sqrt(fan_in)), sigma 0.5/sqrt(fan_in) everywhere',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class NoisyLinear(nn.Module):
    def __init__(self, n, m, sigma=0.5):
        super().__init__()
        bound = 1 / math.sqrt(n)
        self.weight_mu = nn.Parameter(torch.empty(m, n).uniform_(-bound, bound))
        self.weight_sigma = nn.Parameter(torch.full((m, n), sigma * bound))
        self.bias_mu = nn.Parameter(torch.empty(m).uniform_(-bound, bound))
        self.bias_sigma = nn.Parameter(torch.full((m,), sigma * bound))
        self.register_buffer("weight_epsilon", torch.zeros(m, n))
        self.register_buffer("bias_epsilon", torch.zeros(m))
        f = lambda k: (lambda z: z.sign() * z.abs().sqrt())(torch.randn(k))
        a, b = f(n), f(m)
        self.weight_epsilon.copy_(torch.outer(b, a))
        self.bias_epsilon.copy_(b)

    def forward(self, x):
        return nn.functional.linear(x, self.weight_mu + self.weight_sigma * self.weight_epsilon, self.bias_mu + self.bias_sigma * self.bias_epsilon)

class C51(nn.Module):
    def __init__(self, atoms=11, actions=3):
        super().__init__()
        self.feature = nn.Sequential(nn.Linear(6, 32), nn.ReLU())
        self.adv, self.val = NoisyLinear(32, atoms * actions), NoisyLinear(32, atoms)
        self.register_buffer("support", torch.linspace(-10, 10, atoms))
        self.atoms = atoms

    def forward(self, x):
        h = self.feature(x)
        a = self.adv(h).unflatten(-1, (-1, self.atoms))
        q = self.val(h)[:, None] + a - a.mean(1, keepdim=True)
        return (q.softmax(-1) * self.support).sum(-1)

def build():
    return C51()

def example_input():
    return (torch.randn(8, 6),)
