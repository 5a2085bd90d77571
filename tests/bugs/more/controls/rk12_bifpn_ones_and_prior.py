"""rk12 (control): BiFPN: fusion weights start at one; frozen BatchNorm buffers are 1, 0, 0, 1

Link: https://arxiv.org/abs/1911.09070
Why it is NOT a bug: all fusion weights are equal constants by design, the head's bias is -log(99)
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk12',
 'cls': 'control',
 'title': 'BiFPN: fusion weights start at one; frozen BatchNorm buffers are 1, 0, 0, 1',
 'link': 'https://arxiv.org/abs/1911.09070',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': "all fusion weights are equal constants by design, the head's bias is -log(99)",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class FrozenBatchNorm(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer("weight", torch.ones(n))
        self.register_buffer("bias", torch.zeros(n))
        self.register_buffer("running_mean", torch.zeros(n))
        self.register_buffer("running_var", torch.ones(n))

    def forward(self, x):
        scale = self.weight * (self.running_var + 1e-5).rsqrt()
        return x * scale.view(1, -1, 1, 1) + (self.bias - self.running_mean * scale).view(1, -1, 1, 1)

class BiFPN(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, c, 3, padding=1, bias=False), FrozenBatchNorm(c), nn.ReLU())
        self.p_w1, self.p_w2 = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(3))
        self.conv_a, self.conv_b = nn.Conv2d(c, c, 3, padding=1), nn.Conv2d(c, c, 3, padding=1)
        self.cls = nn.Conv2d(c, 9, 3, padding=1)
        nn.init.normal_(self.cls.weight, std=0.01)
        nn.init.constant_(self.cls.bias, -math.log(99))

    def forward(self, x):
        x = self.stem(x)
        low = nn.functional.avg_pool2d(x, 2)
        w = torch.relu(self.p_w1)
        w = w / (w.sum() + 1e-4)
        top = self.conv_a(w[0] * x + w[1] * nn.functional.interpolate(low, scale_factor=2))
        w = torch.relu(self.p_w2)
        w = w / (w.sum() + 1e-4)
        return self.cls(torch.relu(self.conv_b(w[0] * low + w[1] * nn.functional.avg_pool2d(top, 2) + w[2] * low)))

def build():
    return BiFPN()

def example_input():
    return (torch.randn(2, 3, 8, 8),)
