"""mk30 (control): VQ-VAE: codebook U(+-1/K) with EMA buffers that copy it

Link: https://arxiv.org/abs/1711.00937
Why it is NOT a bug: tiny uniform table, its copy in a buffer
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk30',
 'cls': 'control',
 'title': 'VQ-VAE: codebook U(+-1/K) with EMA buffers that copy it',
 'link': 'https://arxiv.org/abs/1711.00937',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'tiny uniform table, its copy in a buffer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class VQ(nn.Module):
    def __init__(self, k=512, d=16):
        super().__init__()
        self.embedding = nn.Embedding(k, d)
        nn.init.uniform_(self.embedding.weight, -1 / k, 1 / k)
        self.register_buffer("cluster_size", torch.zeros(k))
        self.register_buffer("embed_avg", self.embedding.weight.detach().clone())
        self.enc, self.dec = nn.Linear(8, d), nn.Linear(d, 8)

    def forward(self, x):
        z = self.enc(x)
        q = self.embedding(torch.cdist(z, self.embedding.weight).argmin(-1))
        return self.dec(z + (q - z).detach())

def build():
    return VQ()

def example_input():
    return (torch.randn(32, 8),)
