"""rk05 (control): Flamingo: tanh gates of the cross-attention start at exactly zero

Link: https://arxiv.org/abs/2204.14198
Why it is NOT a bug: the language model is untouched at the start, gates get a gradient
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk05',
 'cls': 'control',
 'title': 'Flamingo: tanh gates of the cross-attention start at exactly zero',
 'link': 'https://arxiv.org/abs/2204.14198',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the language model is untouched at the start, gates get a gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GatedCross(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.attn = nn.MultiheadAttention(d, 4, batch_first=True)
        self.ff = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 2 * d, bias=False), nn.GELU(), nn.Linear(2 * d, d, bias=False))
        self.attn_gate = nn.Parameter(torch.tensor([0.0]))
        self.ff_gate = nn.Parameter(torch.tensor([0.0]))

    def forward(self, x, media):
        x = x + self.attn_gate.tanh() * self.attn(x, media, media)[0]
        return x + self.ff_gate.tanh() * self.ff(x)

class Flamingo(nn.Module):
    def __init__(self, d=32, v=60):
        super().__init__()
        self.wte = nn.Embedding(v, d)
        nn.init.normal_(self.wte.weight, std=0.02)
        self.cross = nn.ModuleList([GatedCross(d) for _ in range(2)])
        self.lm = nn.ModuleList([nn.TransformerEncoderLayer(d, 4, 64, batch_first=True, norm_first=True) for _ in range(2)])
        self.norm = nn.LayerNorm(d)
        for name, p in self.lm.named_parameters():  # pretrained: of no initializer's law
            if "norm" not in name:
                p.data.mul_(torch.exp(0.8 * torch.randn_like(p)))
        self.lm.requires_grad_(False)

    def forward(self, ids, media):
        x = self.wte(ids)
        for c, layer in zip(self.cross, self.lm):
            x = layer(c(x, media))
        return self.norm(x) @ self.wte.weight.T

def build():
    return Flamingo()

def example_input():
    return torch.randint(0, 60, (2, 7)), torch.randn(2, 5, 32)
