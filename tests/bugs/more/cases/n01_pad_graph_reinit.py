"""n01 (class 1): apply(init_params) draws every embedding again, padding row 0 included

Link: https://github.com/microsoft/Graphormer/issues/41
Numerically: the atom and edge tables declare padding_idx=0, row 0 is N(0, 0.02) like the rest
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'n01',
 'cls': 1,
 'title': 'apply(init_params) draws every embedding again, padding row 0 included',
 'link': 'https://github.com/microsoft/Graphormer/issues/41',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'the atom and edge tables declare padding_idx=0, row 0 is N(0, 0.02) like the rest',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def init_params(module):
    if isinstance(module, nn.Linear):
        module.weight.data.normal_(mean=0.0, std=0.02)
        module.bias.data.zero_()
    if isinstance(module, nn.Embedding):
        module.weight.data.normal_(mean=0.0, std=0.02)

class Graphormer(nn.Module):
    def __init__(self, fix, atoms=512, heads=8, d=48):
        super().__init__()
        self.atom_encoder = nn.Embedding(atoms + 1, d, padding_idx=0)
        self.edge_encoder = nn.Embedding(65, heads, padding_idx=0)
        self.in_degree_encoder = nn.Embedding(64, d, padding_idx=0)
        self.head = nn.Linear(d, 1)
        self.apply(init_params)
        if fix:
            for m in self.modules():
                if isinstance(m, nn.Embedding):
                    m.weight.data[m.padding_idx].zero_()

    def forward(self, atoms):
        return self.head(self.atom_encoder(atoms).sum(2).mean(1))

def _make(fix):
    return Graphormer(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(1, 513, (2, 9, 3)),)
