"""p06 (class 2): _initialize_missing_keys runs _init_weights on loaded modules: dt_bias and A_log are
    drawn again

Link: https://github.com/fla-org/flash-linear-attention/pull/820
Numerically: only the special vectors differ from the checkpoint
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'p06',
 'cls': 2,
 'title': '_initialize_missing_keys runs _init_weights on loaded modules: dt_bias and A_log are drawn again',
 'link': 'https://github.com/fla-org/flash-linear-attention/pull/820',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': 'only the special vectors differ from the checkpoint',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Mixer(nn.Module):
    def __init__(self, d=32, h=16):
        super().__init__()
        self.in_proj = nn.Linear(d, d)
        self.dt_bias = nn.Parameter(torch.zeros(h))
        self.A_log = nn.Parameter(torch.zeros(h))

    def init_special(self):
        with torch.no_grad():
            dt = torch.exp(torch.rand(16) * 4.6 - 6.9)
            self.dt_bias.copy_(dt + torch.log(-torch.expm1(-dt)))
            self.A_log.copy_(torch.log(torch.empty(16).uniform_(1, 16)))

    def forward(self, x):
        g = -self.A_log.exp() * F.softplus(self.dt_bias)
        return self.in_proj(x) * g.exp().repeat(2)

def reference_state():
    g = torch.Generator().manual_seed(6)
    return {k: 0.3 * torch.randn(v.shape, generator=g) for k, v in Mixer().state_dict().items()}

def _make(fix):
    m = Mixer()
    m.load_state_dict(reference_state())
    if not fix:
        m.init_special()
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 32),)
