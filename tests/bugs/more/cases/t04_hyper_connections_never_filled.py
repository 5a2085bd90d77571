"""t04 (class 2): the hyper-connections of a mixture-of-experts model sit in ParameterDicts of torch.empty that random initialisation never visits

Link: https://github.com/NVIDIA-NeMo/Automodel/pull/2991
Numerically: alpha, beta and scale hold whatever was in memory
Expected finding: garbage_values, nan_inf, outliers, all_zero_param  [visible from W: values in the
    state dict alone]
"""
META = {'id': 't04',
 'cls': 2,
 'title': 'the hyper-connections of a mixture-of-experts model sit in ParameterDicts of torch.empty that '
          'random initialisation never visits',
 'link': 'https://github.com/NVIDIA-NeMo/Automodel/pull/2991',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'outliers', 'all_zero_param'],
 'sees': 'alpha, beta and scale hold whatever was in memory',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _dirty(*shape):
    """What torch.empty hands out after other work: pages with old contents."""
    old = torch.randint(-2**31, 2**31 - 1, shape, dtype=torch.int64).to(torch.int32)
    return old.view(torch.float32)

class HyperConnection(nn.Module):
    def __init__(self, fix, streams, d):
        super().__init__()
        self.mix = nn.ParameterDict({
            "alpha": nn.Parameter(_dirty(streams * d, streams)),
            "beta": nn.Parameter(_dirty(streams)),
            "scale": nn.Parameter(_dirty(1)),
        })
        if fix:
            nn.init.normal_(self.mix["alpha"], 0, 0.02)
            nn.init.zeros_(self.mix["beta"])
            nn.init.ones_(self.mix["scale"])

    def forward(self, h):
        w = torch.softmax(self.mix["scale"] * (h.flatten(-2) @ self.mix["alpha"]) + self.mix["beta"], -1)
        return (w.unsqueeze(-1) * h).sum(-2)

class Block(nn.Module):
    def __init__(self, fix, streams=4, d=32):
        super().__init__()
        self.hc = HyperConnection(fix, streams, d)
        self.norm = nn.RMSNorm(d)
        self.experts = nn.Parameter(torch.empty(4, d, d).normal_(0, 0.02))
        self.gate = nn.Linear(d, 4, bias=False)
        nn.init.normal_(self.gate.weight, 0, 0.02)

    def forward(self, h):
        x = self.norm(self.hc(h))
        p = torch.softmax(self.gate(x), -1)
        y = torch.einsum("...e,eij,...j->...i", p, self.experts, x)
        return h + y.unsqueeze(-2)

def _make(fix):
    return nn.Sequential(Block(fix), Block(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 6, 4, 32),)
