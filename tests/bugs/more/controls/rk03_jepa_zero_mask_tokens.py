"""rk03 (control): V-JEPA: the mask tokens of the predictor are zero on purpose

Link: https://github.com/facebookresearch/jepa/issues/92
Why it is NOT a bug: zero_init_mask_tokens is the default; a fixed sin-cos table tells the masked
    places apart
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk03',
 'cls': 'control',
 'title': 'V-JEPA: the mask tokens of the predictor are zero on purpose',
 'link': 'https://github.com/facebookresearch/jepa/issues/92',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'zero_init_mask_tokens is the default; a fixed sin-cos table tells the masked places apart',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Predictor(nn.Module):
    def __init__(self, d=32, n=12, tokens=2):
        super().__init__()
        self.mask_tokens = nn.ParameterList([nn.Parameter(torch.zeros(1, 1, d)) for _ in range(tokens)])
        angle = torch.arange(n)[:, None] / 10000 ** (torch.arange(d // 2) * 2 / d)
        self.predictor_pos_embed = nn.Parameter(torch.cat([angle.sin(), angle.cos()], 1)[None], requires_grad=False)
        self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(d, 4, 64, batch_first=True) for _ in range(2)])
        for i, b in enumerate(self.blocks):
            for m in b.modules():
                if isinstance(m, nn.Linear):
                    nn.init.trunc_normal_(m.weight, std=0.02)
                    nn.init.zeros_(m.bias)
            nn.init.trunc_normal_(b.self_attn.in_proj_weight, std=0.02)
        self.proj = nn.Linear(d, d)
        nn.init.trunc_normal_(self.proj.weight, std=0.02)
        nn.init.zeros_(self.proj.bias)

    def forward(self, x):
        hidden = self.mask_tokens[0].expand(x.shape[0], 12 - x.shape[1], -1)
        x = torch.cat([x, hidden], 1) + self.predictor_pos_embed
        for b in self.blocks:
            x = b(x)
        return self.proj(x)

def build():
    return Predictor()

def example_input():
    return (torch.randn(3, 7, 32),)
