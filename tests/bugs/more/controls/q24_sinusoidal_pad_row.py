"""q24 (control): Marian / fairseq: a frozen sinusoidal nn.Embedding with a zero padding row

Link: https://arxiv.org/abs/1706.03762
Why it is NOT a bug: deterministic values, frozen, one zero row that is declared
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q24',
 'cls': 'control',
 'title': 'Marian / fairseq: a frozen sinusoidal nn.Embedding with a zero padding row',
 'link': 'https://arxiv.org/abs/1706.03762',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'deterministic values, frozen, one zero row that is declared',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Sinus(nn.Embedding):
    def __init__(self, n=64, d=32, pad=1):
        super().__init__(n, d, padding_idx=pad)
        ang = torch.arange(n)[:, None] * torch.exp(-math.log(10000.0) * torch.arange(d // 2) / (d // 2 - 1))
        self.weight = nn.Parameter(torch.cat([ang.sin(), ang.cos()], 1), requires_grad=False)
        self.weight[pad] = 0

class Enc(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(50, 32, padding_idx=1)
        self.pos = Sinus()
        self.fc = nn.Linear(32, 32)

    def forward(self, ids):
        return self.fc(self.tok(ids) * 32**0.5 + self.pos(torch.arange(2, 2 + ids.shape[1])))

def build():
    return Enc()

def example_input():
    return (torch.randint(2, 50, (2, 6)),)
