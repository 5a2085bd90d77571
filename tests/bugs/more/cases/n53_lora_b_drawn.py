"""n53 (class 6): lora_B is drawn with kaiming_uniform: training starts from a perturbed base model

Link: https://github.com/hao-ai-lab/FastVideo/pull/781
Numerically: lora_B is U(+-1/sqrt(r)) instead of zero
Expected finding: special_init_overwritten, init_not_applied, scale_too_large, wrong_distribution
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n53',
 'cls': 6,
 'title': 'lora_B is drawn with kaiming_uniform: training starts from a perturbed base model',
 'link': 'https://github.com/hao-ai-lab/FastVideo/pull/781',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': 'lora_B is U(+-1/sqrt(r)) instead of zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.lora_B': ['zeros'], '*.lora_A': ['kaiming_uniform']}}

import math
import torch
from torch import nn

class LoRA(nn.Module):
    def __init__(self, fix, d=64, r=16):
        super().__init__()
        self.base_layer = nn.Linear(d, d, bias=False)
        self.lora_A = nn.Parameter(torch.empty(r, d))
        self.lora_B = nn.Parameter(torch.zeros(d, r))
        nn.init.kaiming_uniform_(self.lora_A)
        if not fix:
            nn.init.kaiming_uniform_(self.lora_B, a=math.sqrt(5))

    def forward(self, x):
        return self.base_layer(x) + x @ self.lora_A.T @ self.lora_B.T

def _make(fix):
    return nn.Sequential(LoRA(fix), nn.SiLU(), LoRA(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 64),)
