"""q06 (control): momentum encoder = frozen deep copy, and a queue of random unit columns

Link: https://github.com/facebookresearch/moco/issues/70
Why it is NOT a bug: encoder_k equals encoder_q; the queue buffer is normalised noise
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q06',
 'cls': 'control',
 'title': 'momentum encoder = frozen deep copy, and a queue of random unit columns',
 'link': 'https://github.com/facebookresearch/moco/issues/70',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'encoder_k equals encoder_q; the queue buffer is normalised noise',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn
from torch.nn import functional as F

class MoCo(nn.Module):
    def __init__(self, d=16, k=128):
        super().__init__()
        self.encoder_q = nn.Sequential(nn.Flatten(), nn.Linear(48, 32), nn.ReLU(), nn.Linear(32, d))
        self.encoder_k = copy.deepcopy(self.encoder_q)
        for p in self.encoder_k.parameters():
            p.requires_grad = False
        self.register_buffer("queue", F.normalize(torch.randn(d, k), dim=0))
        self.register_buffer("queue_ptr", torch.zeros(1, dtype=torch.long))

    def forward(self, a, b):
        q, k = F.normalize(self.encoder_q(a), dim=1), F.normalize(self.encoder_k(b), dim=1)
        return torch.cat([(q * k).sum(1, keepdim=True), q @ self.queue], 1) / 0.2

def build():
    return MoCo()

def example_input():
    return (torch.randn(4, 3, 4, 4), torch.randn(4, 3, 4, 4))
