"""mk26 (control): GPT-2: positions with half the std of the tokens, residual projections with
0.02/sqrt(2L)

Link: https://github.com/facebookresearch/metaseq/issues/54
Why it is NOT a bug: three scales in one model, all meant
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk26',
 'cls': 'control',
 'title': 'GPT-2: positions with half the std of the tokens, residual projections with 0.02/sqrt(2L)',
 'link': 'https://github.com/facebookresearch/metaseq/issues/54',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'three scales in one model, all meant',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d, n):
        super().__init__()
        self.ln, self.c_fc, self.c_proj = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        nn.init.normal_(self.c_fc.weight, 0.0, 0.02)
        nn.init.normal_(self.c_proj.weight, 0.0, 0.02 / math.sqrt(2 * n))
        nn.init.zeros_(self.c_fc.bias)
        nn.init.zeros_(self.c_proj.bias)

    def forward(self, x):
        return x + self.c_proj(nn.functional.gelu(self.c_fc(self.ln(x))))

class GPT(nn.Module):
    def __init__(self, v=500, d=96, n=6):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(v, d), nn.Embedding(64, d)
        nn.init.normal_(self.wte.weight, 0.0, 0.02)
        nn.init.normal_(self.wpe.weight, 0.0, 0.01)
        self.h = nn.Sequential(*[Block(d, n) for _ in range(n)])
        self.ln_f = nn.LayerNorm(d)
        self.lm_head = nn.Linear(d, v, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        return self.lm_head(self.ln_f(self.h(x)))

def build():
    return GPT()

def example_input():
    return (torch.randint(0, 500, (2, 20)),)
