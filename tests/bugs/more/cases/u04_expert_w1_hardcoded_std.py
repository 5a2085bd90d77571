"""u04 (class 4): experts in 3-d tensors: w1 is drawn with a hard-coded 0.02, w2 and w3 with the init_std that was configured

Link: https://github.com/pytorch/torchtitan/issues/1257
Numerically: std of w1 is 0.02 where 0.006 was asked for
Expected finding: scale_too_large, wrong_distribution, out_of_bounds  [visible from S]
"""
META = {'id': 'u04',
 'cls': 4,
 'title': 'experts in 3-d tensors: w1 is drawn with a hard-coded 0.02, w2 and w3 with the init_std that was '
          'configured',
 'link': 'https://github.com/pytorch/torchtitan/issues/1257',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large', 'wrong_distribution', 'out_of_bounds'],
 'sees': 'std of w1 is 0.02 where 0.006 was asked for',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'experts.w?': ['normal', 0.0, 0.006]}}

import torch
import torch.nn.functional as F
from torch import nn

class GroupedExperts(nn.Module):
    def __init__(self, d=64, h=96, e=4):
        super().__init__()
        self.w1 = nn.Parameter(torch.empty(e, d, h))
        self.w2 = nn.Parameter(torch.empty(e, h, d))
        self.w3 = nn.Parameter(torch.empty(e, d, h))

    def init_weights(self, init_std, fix):
        nn.init.trunc_normal_(self.w1, mean=0.0, std=init_std if fix else 0.02)
        for w in (self.w2, self.w3):
            nn.init.trunc_normal_(w, mean=0.0, std=init_std)

    def forward(self, x):
        h = F.silu(torch.einsum("td,edh->eth", x, self.w1)) * torch.einsum("td,edh->eth", x, self.w3)
        return torch.einsum("eth,ehd->etd", h, self.w2)

class MoE(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.norm, self.router, self.experts = nn.RMSNorm(64), nn.Linear(64, 4, bias=False), GroupedExperts()
        nn.init.normal_(self.router.weight, std=0.006)
        self.experts.init_weights(0.006, fix)

    def forward(self, x):
        h = self.norm(x)
        return x + torch.einsum("te,etd->td", self.router(h).softmax(-1), self.experts(h))

def _make(fix):
    return MoE(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 64),)
