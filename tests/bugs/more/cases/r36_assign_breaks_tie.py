"""r36 (class 6): load_state_dict(assign=True) puts a new Parameter into the embedding: the tied output projection keeps the old one

Link: https://github.com/TransformerLensOrg/TransformerLens/issues/1725
Numerically: embed.weight is the checkpoint's, unembed.weight is the initial noise it was tied to
    before
Expected finding: ckpt_mismatch, untied_random_head  [visible from R]
"""
META = {'id': 'r36',
 'cls': 6,
 'title': 'load_state_dict(assign=True) puts a new Parameter into the embedding: the tied output projection '
          'keeps the old one',
 'link': 'https://github.com/TransformerLensOrg/TransformerLens/issues/1725',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'untied_random_head'],
 'sees': "embed.weight is the checkpoint's, unembed.weight is the initial noise it was tied to before",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GPT(nn.Module):
    def __init__(self, v=100, d=24):
        super().__init__()
        self.embed = nn.Embedding(v, d)
        nn.init.normal_(self.embed.weight, std=0.02)
        self.mlp = nn.Linear(d, d)
        self.norm = nn.LayerNorm(d)
        self.unembed = nn.Linear(d, v, bias=False)
        self.unembed.weight = self.embed.weight

    def forward(self, ids):
        x = self.embed(ids)
        return self.unembed(self.norm(x + torch.tanh(self.mlp(x))))

def reference_state():
    g = torch.Generator().manual_seed(3)
    return {"embed.weight": torch.randn(100, 24, generator=g) * 0.1, "mlp.weight": torch.randn(24, 24, generator=g) * 0.2,
            "mlp.bias": torch.randn(24, generator=g) * 0.1, "norm.weight": torch.ones(24), "norm.bias": torch.zeros(24)}

def _make(fix):
    model = GPT()
    model.load_state_dict(reference_state(), strict=False, assign=not fix)
    return model

def example_input():
    return (torch.randint(0, 100, (2, 6)),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
