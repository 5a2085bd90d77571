"""n19 (class 2): wav2vec2: the checkpoint has weight_g / weight_v, the model
    parametrizations.weight.original0/1: the conv stays random

Link: https://github.com/huggingface/transformers/issues/33995
Numerically: pos_conv differs from the checkpoint, everything else is equal
Expected finding: ckpt_mismatch, missing_tensor  [visible from R: a reference (checkpoint, other
    rank/seed/device, vector file)]
"""
META = {'id': 'n19',
 'cls': 2,
 'title': 'wav2vec2: the checkpoint has weight_g / weight_v, the model parametrizations.weight.original0/1: '
          'the conv stays random',
 'link': 'https://github.com/huggingface/transformers/issues/33995',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'missing_tensor'],
 'sees': 'pos_conv differs from the checkpoint, everything else is equal',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Wav2Vec2(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.project = nn.Linear(40, d)
        self.pos_conv = nn.utils.parametrizations.weight_norm(nn.Conv1d(d, d, 5, padding=2, groups=4), dim=2)
        self.out = nn.Linear(d, d)

    def forward(self, x):
        x = self.project(x)
        return self.out(x + F.gelu(self.pos_conv(x.transpose(1, 2)).transpose(1, 2)))

def reference_state():
    g = torch.Generator().manual_seed(11)
    sd = {k: 0.1 * torch.randn(v.shape, generator=g) for k, v in Wav2Vec2().state_dict().items()}
    sd["pos_conv.weight_g"] = sd.pop("pos_conv.parametrizations.weight.original0").abs() + 0.2
    sd["pos_conv.weight_v"] = sd.pop("pos_conv.parametrizations.weight.original1")
    return sd

def _make(fix):
    m, sd = Wav2Vec2(), reference_state()
    if fix:
        sd["pos_conv.parametrizations.weight.original0"] = sd.pop("pos_conv.weight_g")
        sd["pos_conv.parametrizations.weight.original1"] = sd.pop("pos_conv.weight_v")
    with torch.no_grad():                            # a loader of its own, shard by shard, without torch's hooks
        for name, p in m.named_parameters():
            if name in sd:
                p.copy_(sd[name])
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 9, 40),)
