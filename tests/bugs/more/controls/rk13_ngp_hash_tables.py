"""rk13 (control): Instant NGP: hash tables start at U(+-1e-4)

Link: https://arxiv.org/abs/2201.05989
Why it is NOT a bug: features near zero on purpose; a small MLP follows
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk13',
 'cls': 'control',
 'title': 'Instant NGP: hash tables start at U(+-1e-4)',
 'link': 'https://arxiv.org/abs/2201.05989',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'features near zero on purpose; a small MLP follows',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class HashGrid(nn.Module):
    def __init__(self, levels=4, size=128, f=2):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(size, f) for _ in range(levels)])
        for t in self.tables:
            nn.init.uniform_(t.weight, -1e-4, 1e-4)
        self.size = size

    def forward(self, x):
        out = []
        for i, t in enumerate(self.tables):
            cell = (x * 4 * 2 ** i).floor().long()
            out.append(t((cell[:, 0] ^ (cell[:, 1] * 2654435761)) % self.size))
        return torch.cat(out, 1)

class NGP(nn.Module):
    def __init__(self):
        super().__init__()
        self.grid = HashGrid()
        self.mlp = nn.Sequential(nn.Linear(8, 32, bias=False), nn.ReLU(), nn.Linear(32, 3, bias=False))

    def forward(self, x):
        return torch.sigmoid(self.mlp(self.grid(x)))

def build():
    return NGP()

def example_input():
    return (torch.rand(40, 2),)
