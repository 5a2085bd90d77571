"""mk19 (control): ControlNet: 1x1 convolutions all zero between the copied encoder and the backbone

Link: https://arxiv.org/abs/2302.05543
Why it is NOT a bug: the branch adds nothing at first
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk19',
 'cls': 'control',
 'title': 'ControlNet: 1x1 convolutions all zero between the copied encoder and the backbone',
 'link': 'https://arxiv.org/abs/2302.05543',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the branch adds nothing at first',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.backbone = nn.Conv2d(c, c, 3, padding=1)
        self.copy = nn.Conv2d(c, c, 3, padding=1)
        self.copy.load_state_dict(self.backbone.state_dict())
        self.zero_in, self.zero_out = nn.Conv2d(c, c, 1), nn.Conv2d(c, c, 1)
        for m in (self.zero_in, self.zero_out):
            nn.init.zeros_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x, c):
        return self.backbone(x) + self.zero_out(self.copy(x + self.zero_in(c)))

def build():
    return Net()

def example_input():
    return (torch.randn(2, 16, 6, 6), torch.randn(2, 16, 6, 6))
