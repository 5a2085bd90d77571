"""r13 (class 2): after to_empty only weights and biases are initialised: BatchNorm's running statistics are raw memory

Link: https://github.com/pytorch/pytorch/issues/104187
Numerically: running_mean and running_var hold stale values, running_var is negative somewhere
Expected finding: buffer_garbage, nan_inf, garbage_values  [visible from M]
Stand-in: the memory of to_empty simulated with typical stale values
"""
META = {'id': 'r13',
 'cls': 2,
 'title': "after to_empty only weights and biases are initialised: BatchNorm's running statistics are raw "
          'memory',
 'link': 'https://github.com/pytorch/pytorch/issues/104187',
 'also': [],
 'level': 'M',
 'expect': ['buffer_garbage', 'nan_inf', 'garbage_values'],
 'sees': 'running_mean and running_var hold stale values, running_var is negative somewhere',
 'severity': 'silent',
 'stand_in': 'the memory of to_empty simulated with typical stale values',
 'spec': None}

import torch
from torch import nn

def _stale(*shape):
    """What torch.empty hands back on a busy heap: zeros, denormals, other tensors' bits, pointers."""
    seen = torch.tensor([0.0, 0.0, 0.0, 1.4013e-45, 4.5895e-41, 3.0638e-41, -1.6775e31, 7.2868e22])
    return seen[torch.randint(0, len(seen), shape)]

class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
                         nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 5))

def _make(fix):
    model = Net()
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        if isinstance(m, nn.BatchNorm2d) and not fix:
            m.running_mean.copy_(_stale(16))
            m.running_var.copy_(_stale(16))
    return model

def example_input():
    return (torch.randn(4, 3, 8, 8),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
