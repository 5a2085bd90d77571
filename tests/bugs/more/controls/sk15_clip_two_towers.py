"""sk15 (control): CLIP: logit_scale log(1/0.07), unit features

Link: https://arxiv.org/abs/2103.00020
Why it is NOT a bug: logits within +-14.3 at the start
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk15',
 'cls': 'control',
 'title': 'CLIP: logit_scale log(1/0.07), unit features',
 'link': 'https://arxiv.org/abs/2103.00020',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'logits within +-14.3 at the start',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class CLIP(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.image, self.text = nn.Sequential(nn.Linear(48, 96), nn.GELU(), nn.Linear(96, d, bias=False)), nn.Embedding(100, d)
        nn.init.normal_(self.text.weight, std=0.02)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def forward(self, image, text):
        i = nn.functional.normalize(self.image(image), dim=-1)
        t = nn.functional.normalize(self.text(text).mean(1), dim=-1)
        return self.logit_scale.exp() * i @ t.T

def build():
    return CLIP()

def example_input():
    return torch.randn(16, 48), torch.randint(0, 100, (16, 7))
