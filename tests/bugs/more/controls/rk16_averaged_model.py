"""rk16 (control): torch.optim.swa_utils.AveragedModel: a deep copy beside the model, and a counter at zero

Link: https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
Why it is NOT a bug: the average starts as the model itself
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk16',
 'cls': 'control',
 'title': 'torch.optim.swa_utils.AveragedModel: a deep copy beside the model, and a counter at zero',
 'link': 'https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'the average starts as the model itself',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

class Trainer(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 4))
        self.ema = AveragedModel(self.model, multi_avg_fn=get_ema_multi_avg_fn(0.999))

    def forward(self, x):
        return self.model(x)

def build():
    return Trainer()

def example_input():
    return (torch.randn(5, 12),)
