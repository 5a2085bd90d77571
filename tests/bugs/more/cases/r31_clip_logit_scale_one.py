"""r31 (class 6): logit_scale starts at 1.0 instead of log(1 / 0.07)

Link: https://github.com/huggingface/transformers/issues/13430
Numerically: exp(logit_scale) is 2.7 instead of 14.3
Expected finding: special_init_overwritten, init_not_applied, wrong_values, wrong_distribution  [visible from S]
"""
META = {'id': 'r31',
 'cls': 6,
 'title': 'logit_scale starts at 1.0 instead of log(1 / 0.07)',
 'link': 'https://github.com/huggingface/transformers/issues/13430',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'wrong_values', 'wrong_distribution'],
 'sees': 'exp(logit_scale) is 2.7 instead of 14.3',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'logit_scale': ['constant', 2.6592600369327783]}}

import math
import torch
from torch import nn

class CLIP(nn.Module):
    def __init__(self, fix, d=24):
        super().__init__()
        self.visual, self.text = nn.Linear(40, d, bias=False), nn.Linear(30, d, bias=False)
        self.logit_scale = nn.Parameter(torch.ones([]) * (math.log(1 / 0.07) if fix else 1.0))

    def forward(self, image, text):
        a = nn.functional.normalize(self.visual(image), dim=-1)
        b = nn.functional.normalize(self.text(text), dim=-1)
        return self.logit_scale.exp() * a @ b.T

def _make(fix):
    return CLIP(fix)

def example_input():
    return torch.randn(6, 40), torch.randn(6, 30)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
