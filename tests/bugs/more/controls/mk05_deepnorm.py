"""mk05 (control): DeepNorm: post-LN with alpha on the skip, beta on value, output and FFN

Link: https://arxiv.org/abs/2203.00555
Why it is NOT a bug: scaled down on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk05',
 'cls': 'control',
 'title': 'DeepNorm: post-LN with alpha on the skip, beta on value, output and FFN',
 'link': 'https://arxiv.org/abs/2203.00555',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'scaled down on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Layer(nn.Module):
    def __init__(self, n, d=64):
        super().__init__()
        self.alpha, beta = (2 * n) ** 0.25, (8 * n) ** -0.25
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(d, d) for _ in range(4))
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        for name, m in self.named_children():
            if isinstance(m, nn.Linear):
                nn.init.xavier_normal_(m.weight, gain=1.0 if name in ("q_proj", "k_proj") else beta)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        a = (q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1) @ v
        x = self.ln1(self.alpha * x + self.out_proj(a))
        return self.ln2(self.alpha * x + self.fc2(torch.relu(self.fc1(x))))

def build(n=12):
    return nn.Sequential(*[Layer(n) for _ in range(n)])

def example_input():
    return (torch.randn(2, 9, 64),)
