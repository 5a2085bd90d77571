"""n41 (class 3): RLlib SAC: the target networks are built but never synchronised with the networks
    they follow

Link: https://github.com/ray-project/ray/pull/45614
Numerically: qf_target differs from qf, both fresh
Expected finding: replica_mismatch  [visible from M: the live module object]
"""
META = {'id': 'n41',
 'cls': 3,
 'title': 'RLlib SAC: the target networks are built but never synchronised with the networks they follow',
 'link': 'https://github.com/ray-project/ray/pull/45614',
 'also': [],
 'level': 'M',
 'expect': ['replica_mismatch'],
 'sees': 'qf_target differs from qf, both fresh',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RLModule(nn.Module):
    def __init__(self, fix):
        super().__init__()
        def enc():
            return nn.Sequential(nn.Linear(6, 32), nn.ReLU())
        self.pi_encoder, self.pi = enc(), nn.Linear(32, 2)
        self.qf_encoder, self.qf = enc(), nn.Linear(34, 1)
        self.qf_target_encoder, self.qf_target = enc(), nn.Linear(34, 1)
        if fix:
            self.qf_target_encoder.load_state_dict(self.qf_encoder.state_dict())
            self.qf_target.load_state_dict(self.qf.state_dict())
        self.qf_target_encoder.requires_grad_(False)
        self.qf_target.requires_grad_(False)

    def forward(self, s):
        a = torch.tanh(self.pi(self.pi_encoder(s)))
        return self.qf(torch.cat([self.qf_encoder(s), a], -1)), self.qf_target(torch.cat([self.qf_target_encoder(s), a], -1))

def _make(fix):
    return RLModule(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 6),)
