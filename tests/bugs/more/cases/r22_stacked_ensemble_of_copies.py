"""r22 (class 3): a vmapped ensemble stacks the state of deep copies of one net: all members are the same member

Link: https://github.com/pytorch/pytorch/issues/54147
Numerically: params.w[0] == params.w[1] == ...: the disagreement of the ensemble is zero
Expected finding: identical_params, duplicate_rows, correlated_weights, repeated_slices  [visible from W]
"""
META = {'id': 'r22',
 'cls': 3,
 'title': 'a vmapped ensemble stacks the state of deep copies of one net: all members are the same member',
 'link': 'https://github.com/pytorch/pytorch/issues/54147',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'duplicate_rows', 'correlated_weights', 'repeated_slices'],
 'sees': 'params.w[0] == params.w[1] == ...: the disagreement of the ensemble is zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def _net(d=12, h=16):
    return nn.Sequential(nn.Linear(d, h), nn.Tanh(), nn.Linear(h, 1))

class Ensemble(nn.Module):
    def __init__(self, fix, members=5):
        super().__init__()
        base = _net()
        nets = [_net() if fix else copy.deepcopy(base) for _ in range(members)]
        stacked, _ = torch.func.stack_module_state(nets)
        self.params = nn.ParameterDict({k.replace(".", "_"): nn.Parameter(v.detach()) for k, v in stacked.items()})

    def forward(self, x):
        p = self.params
        h = torch.tanh(torch.einsum("bd,ehd->ebh", x, p["0_weight"]) + p["0_bias"][:, None])
        return torch.einsum("ebh,eoh->ebo", h, p["2_weight"]) + p["2_bias"][:, None]

def _make(fix):
    return Ensemble(fix)

def example_input():
    return (torch.randn(7, 12),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
