"""sk22 (control): AdamW in two groups: no decay for embeddings, norms and biases

Link: https://arxiv.org/abs/1711.05101
Why it is NOT a bug: every parameter is in exactly one group
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk22',
 'cls': 'control',
 'title': 'AdamW in two groups: no decay for embeddings, norms and biases',
 'link': 'https://arxiv.org/abs/1711.05101',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'every parameter is in exactly one group',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.proj, self.norm, self.pos, self.head = nn.Linear(16, d), nn.LayerNorm(d), nn.Parameter(torch.randn(1, 12, d) * 0.02), nn.Linear(d, 4)
        decay = [p for p in self.parameters() if p.ndim == 2]
        rest = [p for p in self.parameters() if p.ndim != 2]
        self.optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=1e-3)

    def forward(self, x):
        return self.head(self.norm(self.proj(x) + self.pos))

def build():
    return Net()

def example_input():
    return (torch.randn(4, 12, 16),)
