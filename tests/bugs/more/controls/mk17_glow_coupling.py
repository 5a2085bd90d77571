"""mk17 (control): Glow: orthogonal 1x1 convolution, ActNorm at zero and one, coupling's last
convolution zero

Link: https://arxiv.org/abs/1807.03039
Why it is NOT a bug: each flow step starts as a rotation
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk17',
 'cls': 'control',
 'title': "Glow: orthogonal 1x1 convolution, ActNorm at zero and one, coupling's last convolution zero",
 'link': 'https://arxiv.org/abs/1807.03039',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'each flow step starts as a rotation',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Step(nn.Module):
    def __init__(self, c=8, h=32):
        super().__init__()
        self.loc, self.log_scale = nn.Parameter(torch.zeros(1, c, 1, 1)), nn.Parameter(torch.zeros(1, c, 1, 1))
        self.w = nn.Parameter(torch.linalg.qr(torch.randn(c, c))[0])
        self.net = nn.Sequential(nn.Conv2d(c // 2, h, 3, padding=1), nn.ReLU(), nn.Conv2d(h, h, 1), nn.ReLU(),
                                 nn.Conv2d(h, c, 3, padding=1))
        nn.init.normal_(self.net[0].weight, 0.0, 0.05)
        nn.init.normal_(self.net[2].weight, 0.0, 0.05)
        nn.init.zeros_(self.net[4].weight)
        nn.init.zeros_(self.net[4].bias)

    def forward(self, x):
        x = torch.einsum("oc,bchw->bohw", self.w, (x + self.loc) * self.log_scale.exp())
        a, b = x.chunk(2, 1)
        s, t = self.net(a).chunk(2, 1)
        return torch.cat([a, b * torch.sigmoid(s + 2) + t], 1)

def build():
    return nn.Sequential(Step(), Step(), Step())

def example_input():
    return (torch.randn(2, 8, 6, 6),)
