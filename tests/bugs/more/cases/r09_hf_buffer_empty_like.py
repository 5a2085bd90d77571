"""r09 (class 2): from_pretrained replaces every non-persistent buffer by torch.empty_like: the ALiBi slopes are pointer fragments

Link: https://github.com/huggingface/transformers/issues/48892
Numerically: parameters equal the checkpoint; the non-persistent buffer slopes holds denormals and
    huge numbers
Expected finding: buffer_garbage  [visible from M]
Stand-in: the bytes of torch.empty_like simulated with typical stale values
"""
META = {'id': 'r09',
 'cls': 2,
 'title': 'from_pretrained replaces every non-persistent buffer by torch.empty_like: the ALiBi slopes are '
          'pointer fragments',
 'link': 'https://github.com/huggingface/transformers/issues/48892',
 'also': [],
 'level': 'M',
 'expect': ['buffer_garbage'],
 'sees': 'parameters equal the checkpoint; the non-persistent buffer slopes holds denormals and huge numbers',
 'severity': 'silent',
 'stand_in': 'the bytes of torch.empty_like simulated with typical stale values',
 'spec': None}

import torch
from torch import nn

def _stale(*shape):
    """What torch.empty hands back on a busy heap: zeros, denormals, other tensors' bits, pointers."""
    seen = torch.tensor([0.0, 0.0, 0.0, 1.4013e-45, 4.5895e-41, 3.0638e-41, -1.6775e31, 7.2868e22])
    return seen[torch.randint(0, len(seen), shape)]

class Attention(nn.Module):
    def __init__(self, d=32, heads=8):
        super().__init__()
        self.qkv, self.out, self.heads = nn.Linear(d, 3 * d), nn.Linear(d, d), heads
        self.register_buffer("slopes", torch.pow(2.0, -torch.arange(1, heads + 1)), persistent=False)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        place = torch.arange(n)
        bias = -(place[:, None] - place[None]).abs() * self.slopes[:, None, None]
        y = torch.softmax(q @ k.mT / k.shape[-1] ** 0.5 + bias, -1) @ v
        return self.out(y.transpose(1, 2).reshape(b, n, d))

def _make(fix):
    model = nn.Sequential(Attention(), Attention())
    if not fix:
        for layer in model:
            layer.slopes = _stale(8)
    return model

def example_input():
    return (torch.randn(2, 5, 32),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
