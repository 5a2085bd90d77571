"""m12 (class 4): an LM head drawn with std 0.6 left over from an ablation: initial loss tens of nats
above ln V

Link: https://github.com/lmsdss/LayerNorm-Scaling/issues/6
Numerically: logits of std 0.6*sqrt(256) = 9.6
Expected finding: logit_scale  [visible from F: one forward pass / first-step gradient]
"""
META = {'id': 'm12',
 'cls': 4,
 'title': 'an LM head drawn with std 0.6 left over from an ablation: initial loss tens of nats above ln V',
 'link': 'https://github.com/lmsdss/LayerNorm-Scaling/issues/6',
 'also': [],
 'level': 'F',
 'expect': ['logit_scale'],
 'sees': 'logits of std 0.6*sqrt(256) = 9.6',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RMSNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight

class LM(nn.Module):
    def __init__(self, fix, v=1000, d=256):
        super().__init__()
        std = 0.02 if fix else 0.6
        self.embed_tokens = nn.Embedding(v, d)
        self.mlp = nn.Sequential(RMSNorm(d), nn.Linear(d, 2 * d, bias=False), nn.SiLU(), nn.Linear(2 * d, d, bias=False))
        self.norm = RMSNorm(d)
        self.lm_head = nn.Linear(d, v, bias=False)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0.0, 0.02)
        nn.init.normal_(self.embed_tokens.weight, 0.0, std)
        nn.init.normal_(self.lm_head.weight, 0.0, std)

    def forward(self, ids):
        x = self.embed_tokens(ids)
        return self.lm_head(self.norm(x + self.mlp(x)))

def _make(fix):
    return LM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 1000, (2, 12)),)
