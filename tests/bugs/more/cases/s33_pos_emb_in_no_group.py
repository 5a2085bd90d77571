"""s33 (class 10): parameter groups are collected from weights and biases of modules: the bare
    parameter pos_emb is in none

Link: https://github.com/DocF/multispectral-object-detection/issues/77
Also: https://github.com/zjunlp/HVPNeT/issues/5
Numerically: pos_emb gets a gradient and never moves
Expected finding: stale_optimizer, frozen_parameter  [visible from M: the live module object
    (attributes, identity, registration)]
"""
META = {'id': 's33',
 'cls': 10,
 'title': 'parameter groups are collected from weights and biases of modules: the bare parameter pos_emb is '
          'in none',
 'link': 'https://github.com/DocF/multispectral-object-detection/issues/77',
 'also': ['https://github.com/zjunlp/HVPNeT/issues/5'],
 'level': 'M',
 'expect': ['stale_optimizer', 'frozen_parameter'],
 'sees': 'pos_emb gets a gradient and never moves',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, d=24, n=10):
        super().__init__()
        self.pos_emb = nn.Parameter(torch.randn(1, n, d) * 0.02)
        self.norm, self.fc = nn.LayerNorm(d), nn.Linear(d, d)
        decay = [m.weight for m in self.modules() if isinstance(m, nn.Linear)]
        rest = [m.weight for m in self.modules() if isinstance(m, nn.LayerNorm)]
        rest += [m.bias for m in self.modules() if isinstance(m, (nn.LayerNorm, nn.Linear))]
        if fix:
            rest.append(self.pos_emb)
        self.optimizer = torch.optim.SGD([{"params": decay, "weight_decay": 5e-4}, {"params": rest}], lr=0.01)

    def forward(self, x):
        return self.fc(self.norm(x + self.pos_emb))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 10, 24),)
