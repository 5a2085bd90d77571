"""q04 (control): encoder and decoder use one embedding module, which is also the output layer's weight

Link: https://arxiv.org/abs/1910.10683
Why it is NOT a bug: one nn.Embedding under three names, tied head: as the papers do
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q04',
 'cls': 'control',
 'title': "encoder and decoder use one embedding module, which is also the output layer's weight",
 'link': 'https://arxiv.org/abs/1910.10683',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'one nn.Embedding under three names, tied head: as the papers do',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Stack(nn.Module):
    def __init__(self, emb, d):
        super().__init__()
        self.embed_tokens = emb
        self.ff = nn.Linear(d, d, bias=False)
        self.norm = nn.LayerNorm(d)

    def forward(self, ids):
        return self.norm(self.ff(self.embed_tokens(ids)))

class Seq2Seq(nn.Module):
    def __init__(self, v=120, d=32):
        super().__init__()
        self.shared = nn.Embedding(v, d)
        nn.init.normal_(self.shared.weight, 0, 0.02)
        self.encoder, self.decoder = Stack(self.shared, d), Stack(self.shared, d)
        self.lm_head = nn.Linear(d, v, bias=False)
        self.lm_head.weight = self.shared.weight

    def forward(self, a, b):
        return self.lm_head(self.decoder(b) + self.encoder(a).mean(1, keepdim=True))

def build():
    return Seq2Seq()

def example_input():
    return (torch.randint(0, 120, (2, 5)), torch.randint(0, 120, (2, 4)))
