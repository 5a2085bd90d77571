"""mk04 (control): DiT: all modulations and the last layer start at zero

Link: https://arxiv.org/abs/2212.09748
Why it is NOT a bug: every block starts as the identity, the output as zero
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk04',
 'cls': 'control',
 'title': 'DiT: all modulations and the last layer start at zero',
 'link': 'https://arxiv.org/abs/2212.09748',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'every block starts as the identity, the output as zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d, elementwise_affine=False)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(d, 3 * d))
        for m in self.mlp:
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)
                nn.init.zeros_(m.bias)
        nn.init.zeros_(self.adaLN_modulation[1].weight)
        nn.init.zeros_(self.adaLN_modulation[1].bias)

    def forward(self, x, c):
        shift, scale, gate = self.adaLN_modulation(c).chunk(3, -1)
        return x + gate[:, None] * self.mlp(self.norm(x) * (1 + scale[:, None]) + shift[:, None])

class DiT(nn.Module):
    def __init__(self, d=64, depth=3):
        super().__init__()
        self.proj, self.t = nn.Linear(16, d), nn.Sequential(nn.Linear(32, d), nn.SiLU(), nn.Linear(d, d))
        self.blocks = nn.ModuleList(Block(d) for _ in range(depth))
        self.final = nn.Linear(d, 16)
        for m in (self.proj, self.t[0], self.t[2]):
            nn.init.normal_(m.weight, std=0.02)
        nn.init.zeros_(self.final.weight)
        nn.init.zeros_(self.final.bias)

    def forward(self, x, t):
        x, c = self.proj(x), self.t(t)
        for b in self.blocks:
            x = b(x, c)
        return self.final(x)

def build():
    return DiT()

def example_input():
    return (torch.randn(2, 9, 16), torch.randn(2, 32))
