"""s06 (class 4): tensor-train embedding: the cores are divided by n**(-1/6) instead of multiplied

Link: https://github.com/facebookresearch/FBTT-Embedding/pull/11
Numerically: the table that the cores stand for has entries of order sqrt(n) instead of 1/sqrt(n)
Expected finding: scale_too_large, exploding_activations, logit_scale, saturated_units  [visible
    from F: one forward pass / first-step gradient]
"""
META = {'id': 's06',
 'cls': 4,
 'title': 'tensor-train embedding: the cores are divided by n**(-1/6) instead of multiplied',
 'link': 'https://github.com/facebookresearch/FBTT-Embedding/pull/11',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_large', 'exploding_activations', 'logit_scale', 'saturated_units'],
 'sees': 'the table that the cores stand for has entries of order sqrt(n) instead of 1/sqrt(n)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class TTEmbedding(nn.Module):
    """n = 8*8*8 rows of d = 4*4*4 numbers, ranks 8."""
    def __init__(self, fix, q=8, p=4, r=8):
        super().__init__()
        n, s = q ** 3, (q ** 3) ** (-1 / 6)
        self.q = q
        self.cores = nn.ParameterList([nn.Parameter(torch.randn(q, a, p, b) / math.sqrt(b))
                                       for a, b in ((1, r), (r, r), (r, 1))])
        with torch.no_grad():
            for c in self.cores:
                c.mul_(s) if fix else c.div_(s)

    def forward(self, ids):
        q, (a, b, c) = self.q, self.cores
        t = torch.einsum("nupr,nrqs->nupqs", a[ids // (q * q)], b[ids // q % q])
        return torch.einsum("nupqs,nsov->npqo", t, c[ids % q]).flatten(1)

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.emb = TTEmbedding(fix)
        self.mlp = nn.Sequential(nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2))

    def forward(self, ids):
        return self.mlp(self.emb(ids))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 512, (64,)),)
