"""n55 (class 6): after a framework update nobody calls the detection head's init_weights

Link: https://github.com/open-edge-platform/geti/pull/1554
Numerically: all head convolutions keep torch's default instead of N(0, 0.01) and bias 0
Expected finding: init_not_applied, scale_too_large, wrong_distribution  [visible from S: the
    author's declared intention (spec)]
"""
META = {'id': 'n55',
 'cls': 6,
 'title': "after a framework update nobody calls the detection head's init_weights",
 'link': 'https://github.com/open-edge-platform/geti/pull/1554',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': "all head convolutions keep torch's default instead of N(0, 0.01) and bias 0",
 'severity': 'silent',
 'stand_in': None,
 'spec': {'bbox_head.*.weight': ['normal', 0.0, 0.01], 'bbox_head.*.bias': ['zeros']}}

import torch
from torch import nn
from torch.nn import functional as F

class ATSSHead(nn.Module):
    def __init__(self, c=256, call=False):
        super().__init__()
        self.cls_convs = nn.ModuleList([nn.Conv2d(c, c, 3, padding=1) for _ in range(2)])
        self.atss_cls = nn.Conv2d(c, 12, 3, padding=1)
        self.atss_reg = nn.Conv2d(c, 4, 3, padding=1)
        if call:
            self.init_weights()

    def init_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.normal_(m.weight, 0, 0.01)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        for conv in self.cls_convs:
            x = F.relu(conv(x))
        return self.atss_cls(x), self.atss_reg(x)

class Detector(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.backbone = nn.Conv2d(3, 256, 3, padding=1)
        self.bbox_head = ATSSHead(call=fix)

    def forward(self, x):
        return self.bbox_head(F.relu(self.backbone(x)))

def _make(fix):
    return Detector(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 6, 6),)
