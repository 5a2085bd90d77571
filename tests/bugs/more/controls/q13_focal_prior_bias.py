"""q13 (control): the classification bias starts at -4.595, everything else at N(0, 0.01) and 0

Link: https://github.com/open-mmlab/mmdetection/issues/1825
Why it is NOT a bug: one bias is a large negative constant: the prior of focal loss
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q13',
 'cls': 'control',
 'title': 'the classification bias starts at -4.595, everything else at N(0, 0.01) and 0',
 'link': 'https://github.com/open-mmlab/mmdetection/issues/1825',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'one bias is a large negative constant: the prior of focal loss',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Head(nn.Module):
    def __init__(self, c=256):
        super().__init__()
        self.tower = nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1), nn.ReLU())
        self.cls_logits, self.bbox_pred = nn.Conv2d(c, 20, 3, padding=1), nn.Conv2d(c, 4, 3, padding=1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.normal_(m.weight, std=0.01)
                nn.init.zeros_(m.bias)
        nn.init.constant_(self.cls_logits.bias, -math.log(0.99 / 0.01))

    def forward(self, x):
        x = self.tower(x)
        return self.cls_logits(x), self.bbox_pred(x)

def build():
    return Head()

def example_input():
    return (torch.randn(2, 256, 5, 5),)
