"""t15 (class 8): forward multiplies by self.prompt_param.data: the prompts are registered and never get a gradient

Link: https://github.com/va1shn9v/PromptIR/issues/6
Numerically: prompt_param requires a gradient, is used in every forward pass, and its grad stays
    None
Expected finding: lost_gradient, dead_gradient, frozen_parameter  [visible from F: one forward pass
    or first-step gradient with an example input]
"""
META = {'id': 't15',
 'cls': 8,
 'title': 'forward multiplies by self.prompt_param.data: the prompts are registered and never get a gradient',
 'link': 'https://github.com/va1shn9v/PromptIR/issues/6',
 'also': [],
 'level': 'F',
 'expect': ['lost_gradient', 'dead_gradient', 'frozen_parameter'],
 'sees': 'prompt_param requires a gradient, is used in every forward pass, and its grad stays None',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class PromptGenBlock(nn.Module):
    def __init__(self, fix, c=16, n=5, size=8):
        super().__init__()
        self.fix = fix
        self.prompt_param = nn.Parameter(torch.rand(1, n, c, size, size))
        self.linear_layer = nn.Linear(c, n)
        self.conv3x3 = nn.Conv2d(c, c, 3, padding=1, bias=False)

    def forward(self, x):
        w = torch.softmax(self.linear_layer(x.mean((-2, -1))), 1)
        prompts = self.prompt_param if self.fix else self.prompt_param.data
        prompt = (w[:, :, None, None, None] * prompts).sum(1)
        return self.conv3x3(nn.functional.interpolate(prompt, x.shape[-2:], mode="bilinear"))

class PromptIR(nn.Module):
    def __init__(self, fix, c=16):
        super().__init__()
        self.embed = nn.Conv2d(3, c, 3, padding=1)
        self.prompt = PromptGenBlock(fix, c)
        self.merge = nn.Conv2d(2 * c, 3, 1)

    def forward(self, x):
        h = torch.relu(self.embed(x))
        return x + self.merge(torch.cat([h, self.prompt(h)], 1))

def _make(fix):
    return PromptIR(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 12, 12),)
