"""s46 (class 4): logit_scale is initialised with 1/0.07 but the forward takes its exponential

Link: https://github.com/openai/CLIP/issues/46
Numerically: exp(14.3) = 1.6e6 in front of cosines: the first contrastive loss is astronomic
Expected finding: logit_scale, exploding_activations, saturated_units, scale_too_large  [visible
    from F: one forward pass / first-step gradient]
"""
META = {'id': 's46',
 'cls': 4,
 'title': 'logit_scale is initialised with 1/0.07 but the forward takes its exponential',
 'link': 'https://github.com/openai/CLIP/issues/46',
 'also': [],
 'level': 'F',
 'expect': ['logit_scale', 'exploding_activations', 'saturated_units', 'scale_too_large'],
 'sees': 'exp(14.3) = 1.6e6 in front of cosines: the first contrastive loss is astronomic',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class CLIP(nn.Module):
    def __init__(self, fix, d=32):
        super().__init__()
        self.image, self.text = nn.Linear(48, d), nn.Linear(24, d)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07) if fix else 1 / 0.07))

    def forward(self, image, text):
        i = nn.functional.normalize(self.image(image), dim=-1)
        t = nn.functional.normalize(self.text(text), dim=-1)
        return self.logit_scale.exp() * i @ t.T

def _make(fix):
    return CLIP(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return torch.randn(16, 48), torch.randn(16, 24)
