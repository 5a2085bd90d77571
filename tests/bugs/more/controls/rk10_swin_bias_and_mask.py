"""rk10 (control): Swin: an integer table with repeated entries, an attention mask of 0 and -100, a small bias table

Link: https://arxiv.org/abs/2103.14030
Why it is NOT a bug: relative_position_index and attn_mask are computed buffers; the bias table is
    truncated normal at 0.02
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk10',
 'cls': 'control',
 'title': 'Swin: an integer table with repeated entries, an attention mask of 0 and -100, a small bias table',
 'link': 'https://arxiv.org/abs/2103.14030',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'relative_position_index and attn_mask are computed buffers; the bias table is truncated normal at '
         '0.02',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Window(nn.Module):
    def __init__(self, d=24, heads=3, w=4):
        super().__init__()
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * w - 1) ** 2, heads))
        nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)
        yx = torch.stack(torch.meshgrid(torch.arange(w), torch.arange(w), indexing="ij")).flatten(1)
        gap = (yx[:, :, None] - yx[:, None]).permute(1, 2, 0) + w - 1
        self.register_buffer("relative_position_index", gap[..., 0] * (2 * w - 1) + gap[..., 1])
        region = (torch.arange(w * w) >= w * w // 2).float()
        self.register_buffer("attn_mask", (region[:, None] != region[None]).float() * -100.0)
        self.qkv, self.proj, self.heads = nn.Linear(d, 3 * d), nn.Linear(d, d), heads
        for m in (self.qkv, self.proj):
            nn.init.trunc_normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)
        self.norm = nn.LayerNorm(d)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm(x)).view(b, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        bias = self.relative_position_bias_table[self.relative_position_index.flatten()].view(n, n, -1).permute(2, 0, 1)
        a = (q @ k.mT / k.shape[-1] ** 0.5 + bias + self.attn_mask).softmax(-1)
        return x + self.proj((a @ v).transpose(1, 2).reshape(b, n, d))

def build():
    return nn.Sequential(Window(), Window())

def example_input():
    return (torch.randn(2, 16, 24),)
