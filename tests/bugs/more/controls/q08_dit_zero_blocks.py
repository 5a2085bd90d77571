"""q08 (control): DiT: adaLN modulation and the final layer start at zero

Link: https://github.com/facebookresearch/DiT/issues/82
Why it is NOT a bug: the network outputs zero and still learns: the final layer gets a gradient
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q08',
 'cls': 'control',
 'title': 'DiT: adaLN modulation and the final layer start at zero',
 'link': 'https://github.com/facebookresearch/DiT/issues/82',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the network outputs zero and still learns: the final layer gets a gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d, elementwise_affine=False)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(d, 3 * d))
        nn.init.zeros_(self.adaLN_modulation[1].weight)
        nn.init.zeros_(self.adaLN_modulation[1].bias)

    def forward(self, x, c):
        s, g, a = self.adaLN_modulation(c).chunk(3, -1)
        return x + a * self.mlp(self.norm(x) * (1 + g) + s)

class DiT(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.x_embedder = nn.Linear(12, d)
        self.t_embedder = nn.Sequential(nn.Linear(8, d), nn.SiLU(), nn.Linear(d, d))
        self.blocks = nn.ModuleList([Block(d) for _ in range(3)])
        self.final_layer = nn.Linear(d, 12)
        nn.init.zeros_(self.final_layer.weight)
        nn.init.zeros_(self.final_layer.bias)

    def forward(self, x, t):
        x, c = self.x_embedder(x), self.t_embedder(t)
        for b in self.blocks:
            x = b(x, c)
        return self.final_layer(x)

def build():
    return DiT()

def example_input():
    return (torch.randn(4, 12), torch.randn(4, 8))
