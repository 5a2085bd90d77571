"""n08 (class 1): the initializer object builds nn.Embedding without the feature's padding_idx: history
    padding is pooled and trained

Link: https://github.com/datawhalechina/torch-rechub/pull/176
Numerically: row 0 is drawn and gets a gradient from every padded history
Expected finding: padding_row_gets_gradient, padding_row_nonzero  [visible from F: one forward pass
    / first-step gradient]
"""
META = {'id': 'n08',
 'cls': 1,
 'title': "the initializer object builds nn.Embedding without the feature's padding_idx: history padding is "
          'pooled and trained',
 'link': 'https://github.com/datawhalechina/torch-rechub/pull/176',
 'also': [],
 'level': 'F',
 'expect': ['padding_row_gets_gradient', 'padding_row_nonzero'],
 'sees': 'row 0 is drawn and gets a gradient from every padded history',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'padding_idx': {'tables.history': 0}}}

import torch
from torch import nn

class RandomNormal:
    def __init__(self, mean=0.0, std=1e-2):
        self.mean, self.std = mean, std

    def __call__(self, vocab_size, embed_dim, padding_idx=None):
        embed = nn.Embedding(vocab_size, embed_dim, padding_idx=padding_idx)
        nn.init.normal_(embed.weight, self.mean, self.std)
        if padding_idx is not None:
            nn.init.zeros_(embed.weight.data[padding_idx])
        return embed

class DIN(nn.Module):
    def __init__(self, fix):
        super().__init__()
        make = RandomNormal()
        self.tables = nn.ModuleDict({
            "history": make(1000, 16, padding_idx=0 if fix else None),
            "gender": make(3, 16),
        })
        self.mlp = nn.Sequential(nn.Linear(32, 24), nn.PReLU(), nn.Linear(24, 1))

    def forward(self, history, gender):
        h = self.tables["history"](history).mean(1)
        return self.mlp(torch.cat([h, self.tables["gender"](gender)], -1))

def _make(fix):
    return DIN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[5, 17, 0, 0, 0], [900, 3, 4, 0, 0]]), torch.tensor([0, 2]))
