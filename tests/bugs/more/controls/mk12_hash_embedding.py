"""mk12 (control): hash embeddings: small importance weights N(0, 0.0005) over a shared component table
N(0, 0.1)

Link: https://arxiv.org/abs/1709.03933
Why it is NOT a bug: the importance parameters are small on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk12',
 'cls': 'control',
 'title': 'hash embeddings: small importance weights N(0, 0.0005) over a shared component table N(0, 0.1)',
 'link': 'https://arxiv.org/abs/1709.03933',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the importance parameters are small on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class HashEmbedding(nn.Module):
    def __init__(self, n=2000, buckets=200, d=20, k=2):
        super().__init__()
        self.shared, self.importance = nn.Embedding(buckets, d), nn.Embedding(n, k)
        nn.init.normal_(self.shared.weight, 0.0, 0.1)
        nn.init.normal_(self.importance.weight, 0.0, 0.0005)
        self.register_buffer("a", torch.randint(1, 2 ** 20, (k,)))
        self.buckets = buckets

    def forward(self, ids):
        h = (ids[..., None] * self.a) % 1048573 % self.buckets
        return (self.shared(h) * self.importance(ids)[..., None]).sum(-2)

def build():
    return nn.Sequential(HashEmbedding(), nn.Linear(20, 4))

def example_input():
    return (torch.randint(0, 2000, (4, 6)),)
