"""n54 (class 6): the classifier header's prior bias log((1-0.01)/0.01) is replaced by zero in the
    common init loop

Link: https://github.com/zylo117/Yet-Another-EfficientDet-Pytorch/issues/163
Numerically: classifier.header.bias = 0 instead of -4.595
Expected finding: special_init_overwritten, init_not_applied, wrong_distribution  [visible from S:
    the author's declared intention (spec)]
"""
META = {'id': 'n54',
 'cls': 6,
 'title': "the classifier header's prior bias log((1-0.01)/0.01) is replaced by zero in the common init loop",
 'link': 'https://github.com/zylo117/Yet-Another-EfficientDet-Pytorch/issues/163',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'wrong_distribution'],
 'sees': 'classifier.header.bias = 0 instead of -4.595',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'classifier.header.bias': ['constant', -4.59511985013459], 'classifier.convs.*.bias': ['zeros']}}

import math
import torch
from torch import nn
from torch.nn import functional as F

class Classifier(nn.Module):
    def __init__(self, c=16, anchors=3, classes=20):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(c, c, 3, padding=1) for _ in range(2)])
        self.header = nn.Conv2d(c, anchors * classes, 3, padding=1)

    def forward(self, x):
        for conv in self.convs:
            x = F.silu(conv(x))
        return self.header(x).sigmoid()

class Det(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.classifier = Classifier()
        for name, m in self.named_modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_uniform_(m.weight)
                if fix and "classifier.header" in name:
                    nn.init.constant_(m.bias, -math.log((1 - 0.01) / 0.01))
                else:
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.classifier(self.stem(x))

def _make(fix):
    return Det(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(1, 3, 10, 10),)
