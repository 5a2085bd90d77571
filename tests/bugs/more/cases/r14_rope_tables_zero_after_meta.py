"""r14 (class 2): the transformer is built on meta, its rope tables are not in the checkpoint: after to_empty freqs_cos and freqs_sin are zero pages

Link: https://github.com/Tencent-Hunyuan/UniRL/pull/207
Numerically: both buffers are exactly zero: queries and keys vanish, to_q and to_k never get a
    gradient
Expected finding: buffer_garbage, all_zero_param, dead_gradient, wrong_values  [visible from M]
Stand-in: fresh pages from the system are zero
"""
META = {'id': 'r14',
 'cls': 2,
 'title': 'the transformer is built on meta, its rope tables are not in the checkpoint: after to_empty '
          'freqs_cos and freqs_sin are zero pages',
 'link': 'https://github.com/Tencent-Hunyuan/UniRL/pull/207',
 'also': [],
 'level': 'M',
 'expect': ['buffer_garbage', 'all_zero_param', 'dead_gradient', 'wrong_values'],
 'sees': 'both buffers are exactly zero: queries and keys vanish, to_q and to_k never get a gradient',
 'severity': 'silent',
 'stand_in': 'fresh pages from the system are zero',
 'spec': None}

import torch
from torch import nn

class RotaryPosEmbed(nn.Module):
    def __init__(self, d=8, n=32):
        super().__init__()
        angle = torch.arange(n)[:, None] / 10000 ** (torch.arange(0, d, 2) / d).repeat_interleave(2)
        self.register_buffer("freqs_cos", angle.cos(), persistent=False)
        self.register_buffer("freqs_sin", angle.sin(), persistent=False)

    def forward(self, x):
        n = x.shape[-2]
        half = torch.stack([-x[..., 1::2], x[..., ::2]], -1).flatten(-2)
        return x * self.freqs_cos[:n] + half * self.freqs_sin[:n]

class Attention(nn.Module):
    def __init__(self, d=32, heads=4):
        super().__init__()
        self.to_q, self.to_k, self.to_v, self.to_out = (nn.Linear(d, d) for _ in range(4))
        self.rope, self.heads = RotaryPosEmbed(d // heads), heads

    def forward(self, x):
        q, k, v = (f(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for f in (self.to_q, self.to_k, self.to_v))
        q, k = self.rope(q), self.rope(k)
        y = nn.functional.scaled_dot_product_attention(q, k, v)
        return x + self.to_out(y.transpose(1, 2).flatten(-2))

def _make(fix):
    model = nn.Sequential(Attention(), Attention())
    if not fix:
        for m in model.modules():
            if isinstance(m, RotaryPosEmbed):
                m.freqs_cos.zero_()
                m.freqs_sin.zero_()
    return model

def example_input():
    return (torch.randn(2, 6, 32),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
