"""n25 (class 2): Mamba2's A_log and D are filled at construction only: after meta, to_empty and
    init_weights they are raw memory

Link: https://github.com/fla-org/flame/issues/9
Numerically: A_log and D are uninitialised; everything that init_weights knows is fine
Expected finding: nan_inf, garbage_values  [visible from W: values in the state dict alone]
Stand-in: uninitialised memory is made reproducible with torch.use_deterministic_algorithms (fills
    NaN)
"""
META = {'id': 'n25',
 'cls': 2,
 'title': "Mamba2's A_log and D are filled at construction only: after meta, to_empty and init_weights they "
          'are raw memory',
 'link': 'https://github.com/fla-org/flame/issues/9',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'garbage_values'],
 'sees': 'A_log and D are uninitialised; everything that init_weights knows is fine',
 'severity': 'silent',
 'stand_in': 'uninitialised memory is made reproducible with torch.use_deterministic_algorithms (fills NaN)',
 'spec': None}

import torch
from torch import nn

class Mixer(nn.Module):
    def __init__(self, d=32, heads=8):
        super().__init__()
        self.in_proj = nn.Linear(d, 2 * d)
        self.out_proj = nn.Linear(d, d)
        self.A_log = nn.Parameter(torch.log(torch.arange(1, heads + 1).float()))
        self.D = nn.Parameter(torch.ones(heads))

    def reset_special(self):
        with torch.no_grad():
            self.A_log.copy_(torch.log(torch.arange(1, len(self.A_log) + 1).float()))
            self.D.fill_(1.0)

    def forward(self, x):
        u, z = self.in_proj(x).chunk(2, -1)
        decay = torch.exp(-torch.exp(self.A_log)).repeat_interleave(4)
        return self.out_proj(u * decay * torch.sigmoid(z) + u * self.D.repeat_interleave(4))

def _make(fix):
    with torch.device("meta"):
        m = Mixer()
    on, warn = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        m.to_empty(device="cpu")
    finally:
        torch.use_deterministic_algorithms(on, warn_only=warn)
    for mod in m.modules():
        if isinstance(mod, nn.Linear):
            nn.init.normal_(mod.weight, 0, 0.02)
            nn.init.zeros_(mod.bias)
    if fix:
        m.reset_special()
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 6, 32),)
