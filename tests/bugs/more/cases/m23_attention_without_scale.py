"""m23 (class 4): attention scores of unit-variance queries and keys are not divided by sqrt(head_dim):
softmax is one-hot

Link: https://github.com/ethen8181/machine-learning/issues/13
Numerically: scores of std sqrt(256) = 16: almost every row of the softmax puts > 0.99 on one key
Expected finding: saturated_units, scale_too_large, lost_signal, dead_gradient, vanishing_gradients
    [visible from F: one forward pass / first-step gradient]
"""
META = {'id': 'm23',
 'cls': 4,
 'title': 'attention scores of unit-variance queries and keys are not divided by sqrt(head_dim): softmax is '
          'one-hot',
 'link': 'https://github.com/ethen8181/machine-learning/issues/13',
 'also': [],
 'level': 'F',
 'expect': ['saturated_units', 'scale_too_large', 'lost_signal', 'dead_gradient', 'vanishing_gradients'],
 'sees': 'scores of std sqrt(256) = 16: almost every row of the softmax puts > 0.99 on one key',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self, fix, d=256):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.q, self.k, self.v = (nn.Linear(d, d, bias=False) for _ in range(3))
        for m in (self.q, self.k, self.v):
            nn.init.normal_(m.weight, 0.0, d ** -0.5)
        self.scale = d ** -0.5 if fix else 1.0
        self.attend = nn.Softmax(dim=-1)

    def forward(self, x):
        h = self.norm(x)
        return x + self.attend(self.q(h) @ self.k(h).transpose(1, 2) * self.scale) @ self.v(h)

def _make(fix):
    return nn.Sequential(Attention(fix), Attention(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 32, 256),)
