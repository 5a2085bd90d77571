"""r40 (class 8): slot attention: slot_mu and slot_log_sigma are drawn and registered as buffers, so they are never learned

Link: https://github.com/imbue-ai/slot_attention/issues/8
Numerically: slot_mu is a buffer of xavier noise where the paper learns it
Expected finding: frozen_parameter, unregistered, lost_registration  [visible from S]
"""
META = {'id': 'r40',
 'cls': 8,
 'title': 'slot attention: slot_mu and slot_log_sigma are drawn and registered as buffers, so they are never '
          'learned',
 'link': 'https://github.com/imbue-ai/slot_attention/issues/8',
 'also': [],
 'level': 'S',
 'expect': ['frozen_parameter', 'unregistered', 'lost_registration'],
 'sees': 'slot_mu is a buffer of xavier noise where the paper learns it',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'trainable': {'slot_mu': True, 'slot_log_sigma': True}}}

import torch
from torch import nn

class SlotAttention(nn.Module):
    def __init__(self, fix, d=24, slots=4):
        super().__init__()
        mu = nn.init.xavier_uniform_(torch.empty(1, 1, d), gain=nn.init.calculate_gain("linear"))
        sigma = nn.init.xavier_uniform_(torch.empty(1, 1, d), gain=nn.init.calculate_gain("linear"))
        if fix:
            self.slot_mu, self.slot_log_sigma = nn.Parameter(mu), nn.Parameter(sigma)
        else:
            self.register_buffer("slot_mu", mu)
            self.register_buffer("slot_log_sigma", sigma)
        self.q, self.k, self.v = (nn.Linear(d, d, bias=False) for _ in range(3))
        self.norm, self.slots = nn.LayerNorm(d), slots

    def forward(self, x):
        b, n, d = x.shape
        slots = self.slot_mu + self.slot_log_sigma.exp() * torch.randn(b, self.slots, d)
        attn = torch.softmax(self.k(x) @ self.q(self.norm(slots)).mT / d ** 0.5, -1) + 1e-8
        return (attn / attn.sum(1, keepdim=True)).mT @ self.v(x)

def _make(fix):
    return SlotAttention(fix)

def example_input():
    return (torch.randn(3, 10, 24),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
