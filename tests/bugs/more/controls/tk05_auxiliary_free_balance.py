"""tk05 (control): DeepSeek-V3's router: a bias buffer and a counter of tokens start at zero, experts are one stacked tensor each

Link: https://arxiv.org/abs/2408.15664
Why it is NOT a bug: the bias is moved by the load, not by gradients, and starts at zero
Expected finding: none (must stay silent)  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 'tk05',
 'cls': 'control',
 'title': "DeepSeek-V3's router: a bias buffer and a counter of tokens start at zero, experts are one "
          'stacked tensor each',
 'link': 'https://arxiv.org/abs/2408.15664',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'the bias is moved by the load, not by gradients, and starts at zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class MoE(nn.Module):
    def __init__(self, d=32, h=24, n=6):
        super().__init__()
        self.norm = nn.RMSNorm(d)
        self.gate = nn.Linear(d, n, bias=False)
        self.register_buffer("expert_bias", torch.zeros(n))
        self.register_buffer("tokens_per_expert", torch.zeros(n), persistent=False)
        self.w1, self.w3 = nn.Parameter(torch.empty(n, d, h)), nn.Parameter(torch.empty(n, d, h))
        self.w2 = nn.Parameter(torch.empty(n, h, d))
        for w in (self.gate.weight, self.w1, self.w2, self.w3):
            nn.init.normal_(w, 0, 0.006 * 5)

    def forward(self, x):
        u = self.norm(x)
        score = torch.sigmoid(self.gate(u))
        top = (score + self.expert_bias).topk(2, -1).indices
        with torch.no_grad():
            self.tokens_per_expert.add_(torch.bincount(top.flatten(), minlength=score.shape[-1]))
        w = torch.zeros_like(score).scatter(-1, top, score.gather(-1, top))
        y = nn.functional.silu(torch.einsum("bd,edh->beh", u, self.w1)) * torch.einsum("bd,edh->beh", u, self.w3)
        return x + torch.einsum("be,beh,ehd->bd", w / w.sum(-1, keepdim=True), y, self.w2)

def build():
    return nn.Sequential(MoE(), MoE())

def example_input():
    return (torch.randn(64, 32),)
