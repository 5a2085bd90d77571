"""r07 (class 2): an N-dimensional convolution built of Conv1d's creates its bias with torch.Tensor and never fills it

Link: https://github.com/pvjosue/pytorch_convNd/issues/4
Numerically: weights follow the default of Conv1d, bias holds what was in memory
Expected finding: garbage_values, nan_inf, exploding_activations  [visible from W]
Stand-in: torch.empty content simulated with typical stale values
"""
META = {'id': 'r07',
 'cls': 2,
 'title': "an N-dimensional convolution built of Conv1d's creates its bias with torch.Tensor and never fills "
          'it',
 'link': 'https://github.com/pvjosue/pytorch_convNd/issues/4',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'exploding_activations'],
 'sees': 'weights follow the default of Conv1d, bias holds what was in memory',
 'severity': 'silent',
 'stand_in': 'torch.empty content simulated with typical stale values',
 'spec': None}

import torch
from torch import nn

def _stale(*shape):
    """What torch.empty hands back on a busy heap: zeros, denormals, other tensors' bits, pointers."""
    seen = torch.tensor([0.0, 0.0, 0.0, 1.4013e-45, 4.5895e-41, 3.0638e-41, -1.6775e31, 7.2868e22])
    return seen[torch.randint(0, len(seen), shape)]

class ConvNd(nn.Module):
    def __init__(self, fix, cin=4, cout=16, k=3):
        super().__init__()
        self.conv_layers = nn.ModuleList([nn.Conv2d(cin, cout, k, padding=1, bias=False) for _ in range(k)])
        self.bias = nn.Parameter(_stale(cout))
        if fix:
            nn.init.zeros_(self.bias)

    def forward(self, x):
        y = sum(conv(x.roll(i - 1, 2).flatten(0, 0)[:, :, i]) for i, conv in enumerate(self.conv_layers))
        return y + self.bias.view(1, -1, 1, 1)

def _make(fix):
    return ConvNd(fix)

def example_input():
    return (torch.randn(2, 4, 3, 6, 6),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
