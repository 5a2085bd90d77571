"""sk12 (control): GPT-NeoX: std sqrt(2/(5d)) everywhere, 2/(L sqrt(d)) in front of the residual stream

Link: https://arxiv.org/abs/2204.06745
Why it is NOT a bug: residual outputs are smaller with depth, on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk12',
 'cls': 'control',
 'title': 'GPT-NeoX: std sqrt(2/(5d)) everywhere, 2/(L sqrt(d)) in front of the residual stream',
 'link': 'https://arxiv.org/abs/2204.06745',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'residual outputs are smaller with depth, on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d, layers):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.dense = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        for m in (self.qkv, self.dense, self.up, self.down):
            out = m is self.dense or m is self.down
            nn.init.normal_(m.weight, 0.0, 2 / layers / math.sqrt(d) if out else math.sqrt(2 / (5 * d)))
            nn.init.zeros_(m.bias)

    def forward(self, x):
        q, k, v = self.qkv(self.ln1(x)).chunk(3, -1)
        a = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return x + self.dense(a) + self.down(nn.functional.gelu(self.up(self.ln2(x))))

class NeoX(nn.Module):
    def __init__(self, n=120, d=64, layers=8):
        super().__init__()
        self.emb = nn.Embedding(n, d)
        nn.init.normal_(self.emb.weight, 0.0, math.sqrt(2 / (5 * d)))
        self.blocks = nn.Sequential(*[Block(d, layers) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(d), nn.Linear(d, n, bias=False)
        nn.init.normal_(self.head.weight, 0.0, math.sqrt(2 / (5 * d)))

    def forward(self, ids):
        return self.head(self.norm(self.blocks(self.emb(ids))))

def build():
    return NeoX()

def example_input():
    return (torch.randint(0, 120, (2, 10)),)
