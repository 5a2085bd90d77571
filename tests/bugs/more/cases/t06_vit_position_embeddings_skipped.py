"""t06 (class 2): the loader of a ViT backbone skips every key with 'position_embeddings' as a known size mismatch: they stay random

Link: https://github.com/paninski-lab/lightning-pose/issues/351
Numerically: position_embeddings are a fresh N(0, 0.02) draw, everything else is the checkpoint's
Expected finding: ckpt_mismatch, missing_tensor  [visible from R: a reference: checkpoint, other
    rank, seed or device, vector file]
"""
META = {'id': 't06',
 'cls': 2,
 'title': "the loader of a ViT backbone skips every key with 'position_embeddings' as a known size mismatch: "
          'they stay random',
 'link': 'https://github.com/paninski-lab/lightning-pose/issues/351',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'missing_tensor'],
 'sees': "position_embeddings are a fresh N(0, 0.02) draw, everything else is the checkpoint's",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class ViT(nn.Module):
    def __init__(self, d=48, patches=16):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        self.position_embeddings = nn.Parameter(torch.empty(1, patches + 1, d))
        self.projection = nn.Conv2d(3, d, 4, 4)
        self.block = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))
        self.norm = nn.LayerNorm(d)
        nn.init.trunc_normal_(self.position_embeddings, 0, 0.02)
        nn.init.trunc_normal_(self.cls_token, 0, 0.02)

    def forward(self, x):
        x = self.projection(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.position_embeddings
        return self.norm(x + self.block(x))

def reference_state():
    with torch.random.fork_rng():
        torch.manual_seed(321)
        state = ViT().state_dict()
        return {k: v + 0.03 * torch.randn_like(v) for k, v in state.items()}

def _make(fix):
    model = ViT()
    own = model.state_dict()
    for key, value in reference_state().items():
        if not fix and any(p in key for p in ("position_embeddings", "decoder_pos_embed")):
            continue
        own[key].copy_(value)
    return model

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 16, 16),)
