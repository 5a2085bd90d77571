"""n17 (class 2): Swin's relative_position_index is torch.empty until reset_parameters, which the
    loader never calls

Link: https://github.com/huggingface/pytorch-image-models/pull/2662
Numerically: an int64 buffer that indexes a table of 49 rows holds arbitrary 64-bit words
Expected finding: buffer_garbage  [visible from M: the live module object]
Stand-in: the bytes of freed float32 activations
"""
META = {'id': 'n17',
 'cls': 2,
 'title': "Swin's relative_position_index is torch.empty until reset_parameters, which the loader never "
          'calls',
 'link': 'https://github.com/huggingface/pytorch-image-models/pull/2662',
 'also': [],
 'level': 'M',
 'expect': ['buffer_garbage'],
 'sees': 'an int64 buffer that indexes a table of 49 rows holds arbitrary 64-bit words',
 'severity': 'silent',
 'stand_in': 'the bytes of freed float32 activations',
 'spec': None}

import torch
from torch import nn

class WindowAttention(nn.Module):
    def __init__(self, fix, w=4, h=2, d=16):
        super().__init__()
        self.w, self.h = w, h
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * w - 1) ** 2, h))
        nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)
        self.register_buffer("relative_position_index", torch.randn(2 * w**4).view(torch.int64).reshape(w * w, w * w),
                             persistent=False)
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        if fix:
            self.reset_parameters()

    def reset_parameters(self):
        c = torch.stack(torch.meshgrid(torch.arange(self.w), torch.arange(self.w), indexing="ij")).flatten(1)
        r = (c[:, :, None] - c[:, None]) + self.w - 1
        self.relative_position_index.copy_(r[0] * (2 * self.w - 1) + r[1])

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        bias = self.relative_position_bias_table[self.relative_position_index.view(-1)].view(n, n, -1).permute(2, 0, 1)
        a = (q @ k.transpose(-1, -2) / 8**0.5 + bias).softmax(-1)
        return self.proj((a @ v).transpose(1, 2).reshape(b, n, d))

def _make(fix):
    return WindowAttention(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
