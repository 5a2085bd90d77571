"""rk01 (control): torchvision's ViT: the classification head starts at zero

Link: https://github.com/pytorch/vision/issues/6677
Why it is NOT a bug: a zero head gives uniform predictions; it gets a gradient at once and passes it
    on from the second step
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk01',
 'cls': 'control',
 'title': "torchvision's ViT: the classification head starts at zero",
 'link': 'https://github.com/pytorch/vision/issues/6677',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'a zero head gives uniform predictions; it gets a gradient at once and passes it on from the second '
         'step',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class ViT(nn.Module):
    def __init__(self, d=32, patch=4, n=16, depth=2):
        super().__init__()
        self.conv_proj = nn.Conv2d(3, d, patch, patch)
        fan_in = 3 * patch * patch
        nn.init.trunc_normal_(self.conv_proj.weight, std=math.sqrt(1 / fan_in))
        nn.init.zeros_(self.conv_proj.bias)
        self.class_token = nn.Parameter(torch.zeros(1, 1, d))
        self.pos_embedding = nn.Parameter(torch.empty(1, n + 1, d).normal_(std=0.02))
        self.layers = nn.ModuleList([nn.TransformerEncoderLayer(d, 4, 2 * d, batch_first=True, norm_first=True, activation="gelu") for _ in range(depth)])
        for layer in self.layers:
            for lin in (layer.linear1, layer.linear2):
                nn.init.xavier_uniform_(lin.weight)
                nn.init.normal_(lin.bias, std=1e-6)
            nn.init.xavier_uniform_(layer.self_attn.in_proj_weight)
        self.ln = nn.LayerNorm(d, eps=1e-6)
        self.head = nn.Linear(d, 10)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        x = self.conv_proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embedding
        for layer in self.layers:
            x = layer(x)
        return self.head(self.ln(x)[:, 0])

def build():
    return ViT()

def example_input():
    return (torch.randn(3, 3, 16, 16),)
