"""tk03 (control): a codebook buffer of zeros, 'initted' False: the first batch fills it by k-means

Link: https://github.com/lucidrains/vector-quantize-pytorch/issues/19
Why it is NOT a bug: zeros stand for 'not filled yet'; the flag beside them says so, and the EMA
    buffers start at zero
Expected finding: none (must stay silent)  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 'tk03',
 'cls': 'control',
 'title': "a codebook buffer of zeros, 'initted' False: the first batch fills it by k-means",
 'link': 'https://github.com/lucidrains/vector-quantize-pytorch/issues/19',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': "zeros stand for 'not filled yet'; the flag beside them says so, and the EMA buffers start at zero",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class EuclideanCodebook(nn.Module):
    def __init__(self, n=32, d=16):
        super().__init__()
        self.register_buffer("initted", torch.tensor([False]))
        self.register_buffer("cluster_size", torch.zeros(n))
        self.register_buffer("embed", torch.zeros(n, d))
        self.register_buffer("embed_avg", torch.zeros(n, d))

    @torch.no_grad()
    def init_embed(self, flat):
        if bool(self.initted):
            return
        chosen = flat[torch.randint(0, len(flat), (len(self.embed),), device=flat.device)]
        self.embed.copy_(chosen)
        self.embed_avg.copy_(chosen)
        self.cluster_size.fill_(1.0)
        self.initted.fill_(True)

    def forward(self, x):
        flat = x.flatten(0, -2)
        if self.training:
            self.init_embed(flat)
        code = self.embed[torch.cdist(flat, self.embed).argmin(1)].view_as(x)
        return x + (code - x).detach()

class Codec(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(20, 32), nn.ELU(), nn.Linear(32, 16))
        self.codebook = EuclideanCodebook()
        self.decoder = nn.Sequential(nn.Linear(16, 32), nn.ELU(), nn.Linear(32, 20))

    def forward(self, x):
        return self.decoder(self.codebook(self.encoder(x)))

def build():
    return Codec()

def example_input():
    return (torch.randn(4, 10, 20),)
