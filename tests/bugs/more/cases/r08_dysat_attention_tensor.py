"""r08 (class 2): structural attention vectors are nn.Parameter(torch.Tensor(1, heads, dim)) and never drawn

Link: https://github.com/FeiGSSS/DySAT_pytorch/issues/3
Numerically: att_l and att_r hold stale memory, once in a while NaN
Expected finding: garbage_values, nan_inf  [visible from W]
Stand-in: torch.empty content simulated with typical stale values
"""
META = {'id': 'r08',
 'cls': 2,
 'title': 'structural attention vectors are nn.Parameter(torch.Tensor(1, heads, dim)) and never drawn',
 'link': 'https://github.com/FeiGSSS/DySAT_pytorch/issues/3',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf'],
 'sees': 'att_l and att_r hold stale memory, once in a while NaN',
 'severity': 'silent',
 'stand_in': 'torch.empty content simulated with typical stale values',
 'spec': None}

import torch
from torch import nn

def _stale(*shape):
    """What torch.empty hands back on a busy heap: zeros, denormals, other tensors' bits, pointers."""
    seen = torch.tensor([0.0, 0.0, 0.0, 1.4013e-45, 4.5895e-41, 3.0638e-41, -1.6775e31, 7.2868e22])
    return seen[torch.randint(0, len(seen), shape)]

class StructuralAttention(nn.Module):
    def __init__(self, fix, din=16, heads=4, dout=8):
        super().__init__()
        self.lin = nn.Linear(din, heads * dout, bias=False)
        self.att_l = nn.Parameter(_stale(1, heads, dout))
        self.att_r = nn.Parameter(_stale(1, heads, dout))
        self.heads, self.dout = heads, dout
        nn.init.xavier_uniform_(self.lin.weight)
        if fix:
            nn.init.xavier_uniform_(self.att_l)
            nn.init.xavier_uniform_(self.att_r)

    def forward(self, x):
        h = self.lin(x).view(-1, self.heads, self.dout)
        score = (h * self.att_l).sum(-1)[:, None] + (h * self.att_r).sum(-1)[None]
        return torch.einsum("ijh,jhd->ihd", torch.softmax(nn.functional.leaky_relu(score), 1), h).flatten(1)

def _make(fix):
    return StructuralAttention(fix)

def example_input():
    return (torch.randn(7, 16),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
