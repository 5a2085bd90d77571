"""q19 (control): VQ codebook U(-1/K, 1/K) with its EMA sums: a buffer equal to the codebook, another
    of zeros

Link: https://arxiv.org/abs/1711.00937
Why it is NOT a bug: embed_avg equals the codebook bit for bit by construction
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q19',
 'cls': 'control',
 'title': 'VQ codebook U(-1/K, 1/K) with its EMA sums: a buffer equal to the codebook, another of zeros',
 'link': 'https://arxiv.org/abs/1711.00937',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'embed_avg equals the codebook bit for bit by construction',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class VQ(nn.Module):
    def __init__(self, k=64, d=16):
        super().__init__()
        self.enc, self.dec = nn.Linear(20, d), nn.Linear(d, 20)
        embed = torch.empty(k, d).uniform_(-1 / k, 1 / k)
        self.register_buffer("embed", embed)
        self.register_buffer("embed_avg", embed.clone())
        self.register_buffer("cluster_size", torch.zeros(k))

    def forward(self, x):
        z = self.enc(x)
        q = F.embedding(torch.cdist(z, self.embed).argmin(-1), self.embed)
        return self.dec(z + (q - z).detach())

def build():
    return VQ()

def example_input():
    return (torch.randn(5, 20),)
