"""m28 (class 4): DeepNorm: beta reaches out_proj and the FFN but not the value projection

Link: https://github.com/facebookresearch/xformers/pull/303
Numerically: v_proj has gain 1 instead of (8N)^-1/4 = 0.297
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm28',
 'cls': 4,
 'title': 'DeepNorm: beta reaches out_proj and the FFN but not the value projection',
 'link': 'https://github.com/facebookresearch/xformers/pull/303',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': 'v_proj has gain 1 instead of (8N)^-1/4 = 0.297',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.v_proj.weight': ['normal', 0.0, 0.03716272234383503]}}

import math

import torch
from torch import nn

class Layer(nn.Module):
    def __init__(self, fix, n, d=64):
        super().__init__()
        self.alpha, beta = (2 * n) ** 0.25, (8 * n) ** -0.25
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(d, d) for _ in range(4))
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        for name, m in self.named_children():
            if isinstance(m, nn.Linear):
                scaled = name in (["fc1", "fc2", "out_proj"] + (["v_proj"] if fix else []))
                nn.init.xavier_normal_(m.weight, gain=beta if scaled else 1.0)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        a = (q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1) @ v
        x = self.ln1(self.alpha * x + self.out_proj(a))
        return self.ln2(self.alpha * x + self.fc2(torch.relu(self.fc1(x))))

def _make(fix, n=16):
    return nn.Sequential(*[Layer(fix, n) for _ in range(4)])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 9, 64),)
