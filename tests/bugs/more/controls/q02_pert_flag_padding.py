"""q02 (control): padding_idx=0 on a flag embedding: 'not perturbed' is the zero vector on purpose

Link: https://github.com/bowang-lab/scGPT/issues/266
Why it is NOT a bug: row 0 is zero and declared so, though id 0 is fed all the time
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q02',
 'cls': 'control',
 'title': "padding_idx=0 on a flag embedding: 'not perturbed' is the zero vector on purpose",
 'link': 'https://github.com/bowang-lab/scGPT/issues/266',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'row 0 is zero and declared so, though id 0 is fed all the time',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Gen(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.gene = nn.Embedding(80, d)
        self.pert_encoder = nn.Embedding(3, d, padding_idx=0)
        self.out = nn.Linear(d, 1)

    def forward(self, genes, flags):
        return self.out(self.gene(genes) + self.pert_encoder(flags))

def build():
    return Gen()

def example_input():
    return (torch.randint(0, 80, (2, 6)), torch.tensor([[0, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 1]]))
