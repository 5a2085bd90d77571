"""mk32 (control): a transformer drawn with std 0.02 directly in bfloat16

Link: https://github.com/pytorch/pytorch/issues/96947
Why it is NOT a bug: few distinct values are bfloat16's own
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk32',
 'cls': 'control',
 'title': 'a transformer drawn with std 0.02 directly in bfloat16',
 'link': 'https://github.com/pytorch/pytorch/issues/96947',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': "few distinct values are bfloat16's own",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(d), nn.Linear(d, 3 * d, bias=False), nn.Linear(3 * d, d, bias=False)

    def forward(self, x):
        return x + self.down(nn.functional.silu(self.up(self.norm(x))))

def build(d=128):
    net = nn.Sequential(*[Block(d) for _ in range(3)], nn.LayerNorm(d), nn.Linear(d, 50, bias=False)).to(torch.bfloat16)
    for m in net.modules():
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0.0, 0.02)
    return net

def example_input():
    return (torch.randn(2, 9, 128, dtype=torch.bfloat16),)
