"""q23 (control): ALBERT: one layer applied twelve times

Link: https://arxiv.org/abs/1909.11942
Why it is NOT a bug: one module, used repeatedly by a loop over a count
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q23',
 'cls': 'control',
 'title': 'ALBERT: one layer applied twelve times',
 'link': 'https://arxiv.org/abs/1909.11942',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'one module, used repeatedly by a loop over a count',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Albert(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(90, d)
        nn.init.normal_(self.emb.weight, 0, 0.02)
        self.group = nn.TransformerEncoderLayer(d, 4, 64, batch_first=True, dropout=0.0)
        self.norm = nn.LayerNorm(d)

    def forward(self, ids):
        x = self.emb(ids)
        for _ in range(12):
            x = self.group(x)
        return self.norm(x)

def build():
    return Albert()

def example_input():
    return (torch.randint(0, 90, (2, 6)),)
