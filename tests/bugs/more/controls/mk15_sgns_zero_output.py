"""mk15 (control): word2vec: input table U(+-0.5/d), output table zero

Link: https://arxiv.org/abs/1310.4546
Why it is NOT a bug: as in the C code: gradients flow from the first step
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk15',
 'cls': 'control',
 'title': 'word2vec: input table U(+-0.5/d), output table zero',
 'link': 'https://arxiv.org/abs/1310.4546',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'as in the C code: gradients flow from the first step',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class SGNS(nn.Module):
    def __init__(self, v=300, d=50):
        super().__init__()
        self.ivectors, self.ovectors = nn.Embedding(v, d), nn.Embedding(v, d)
        nn.init.uniform_(self.ivectors.weight, -0.5 / d, 0.5 / d)
        nn.init.zeros_(self.ovectors.weight)

    def forward(self, c, o):
        return nn.functional.logsigmoid((self.ivectors(c) * self.ovectors(o)).sum(-1))

def build():
    return SGNS()

def example_input():
    return (torch.randint(0, 300, (16,)), torch.randint(0, 300, (16,)))
