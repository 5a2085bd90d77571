"""s53 (class 4): a backbone with FrozenBatchNorm is trained from scratch: nothing normalises, the
    residual sums grow

Link: https://github.com/pytorch/vision/issues/4147
Numerically: variance doubles at each of 16 blocks: NaN in the first steps
Expected finding: exploding_activations, scale_too_large  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 's53',
 'cls': 4,
 'title': 'a backbone with FrozenBatchNorm is trained from scratch: nothing normalises, the residual sums '
          'grow',
 'link': 'https://github.com/pytorch/vision/issues/4147',
 'also': [],
 'level': 'F',
 'expect': ['exploding_activations', 'scale_too_large'],
 'sees': 'variance doubles at each of 16 blocks: NaN in the first steps',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class FrozenBatchNorm2d(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.register_buffer("weight", torch.ones(c))
        self.register_buffer("bias", torch.zeros(c))
        self.register_buffer("running_mean", torch.zeros(c))
        self.register_buffer("running_var", torch.ones(c))

    def forward(self, x):
        s = (self.weight * (self.running_var + 1e-5).rsqrt())[:, None, None]
        return x * s + (self.bias - self.running_mean * s.flatten())[:, None, None]

class Block(nn.Module):
    def __init__(self, c, norm):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(c, c, 3, padding=1, bias=False), norm(c)
        self.conv2, self.bn2 = nn.Conv2d(c, c, 3, padding=1, bias=False), norm(c)
        for m in (self.conv1, self.conv2):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return torch.relu(x + self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))))

def _make(fix, c=16):
    norm = nn.BatchNorm2d if fix else FrozenBatchNorm2d
    return nn.Sequential(nn.Conv2d(3, c, 3, padding=1), *[Block(c, norm) for _ in range(16)])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 12, 12),)
