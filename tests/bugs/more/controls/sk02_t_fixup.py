"""sk02 (control): T-Fixup: no layer norm, xavier weights times 0.67 N**-1/4 in values, outputs and
    feed-forward

Link: https://proceedings.mlr.press/v119/huang20f.html
Why it is NOT a bug: the small branches are what replaces normalisation
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk02',
 'cls': 'control',
 'title': 'T-Fixup: no layer norm, xavier weights times 0.67 N**-1/4 in values, outputs and feed-forward',
 'link': 'https://proceedings.mlr.press/v119/huang20f.html',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the small branches are what replaces normalisation',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d, scale):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        for m in (self.q, self.k, self.v, self.o, self.fc1, self.fc2):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)
        with torch.no_grad():
            for m in (self.o, self.fc1, self.fc2):
                m.weight.mul_(scale)
            self.v.weight.mul_(scale * math.sqrt(2))

    def forward(self, x):
        a = torch.softmax(self.q(x) @ self.k(x).transpose(-2, -1) / math.sqrt(x.shape[-1]), -1)
        x = x + self.o(a @ self.v(x))
        return x + self.fc2(torch.relu(self.fc1(x)))

class Net(nn.Module):
    def __init__(self, n=100, d=64, layers=6):
        super().__init__()
        scale = 0.67 * layers ** -0.25
        self.emb = nn.Embedding(n, d)
        nn.init.normal_(self.emb.weight, 0.0, d ** -0.5)
        with torch.no_grad():
            self.emb.weight.mul_(scale)
        self.scale = math.sqrt(d)
        self.blocks = nn.Sequential(*[Block(d, scale) for _ in range(layers)])
        self.out = nn.Linear(d, n, bias=False)
        nn.init.normal_(self.out.weight, 0.0, d ** -0.5)

    def forward(self, ids):
        return self.out(self.blocks(self.emb(ids) * self.scale))

def build():
    return Net()

def example_input():
    return (torch.randint(0, 100, (2, 12)),)
