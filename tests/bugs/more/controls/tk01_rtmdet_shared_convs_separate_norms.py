"""tk01 (control): RTMDet: the heads of all levels share their convolutions, each level has its own batch norms

Link: https://arxiv.org/abs/2212.07784
Why it is NOT a bug: share_conv: the convolution objects are assigned from level 0 on purpose,
    statistics differ by level
Expected finding: none (must stay silent)  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 'tk01',
 'cls': 'control',
 'title': 'RTMDet: the heads of all levels share their convolutions, each level has its own batch norms',
 'link': 'https://arxiv.org/abs/2212.07784',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'share_conv: the convolution objects are assigned from level 0 on purpose, statistics differ by '
         'level',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class ConvModule(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(c)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))

class SepBNHead(nn.Module):
    def __init__(self, c=16, levels=3, stacked=2, classes=5):
        super().__init__()
        self.cls_convs = nn.ModuleList(nn.ModuleList(ConvModule(c) for _ in range(stacked)) for _ in range(levels))
        self.rtm_cls = nn.ModuleList(nn.Conv2d(c, classes, 1) for _ in range(levels))
        for level in self.cls_convs:
            for i, unit in enumerate(level):
                unit.conv = self.cls_convs[0][i].conv
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.normal_(m.weight, 0, 0.01)
        for m in self.rtm_cls:
            nn.init.constant_(m.bias, -4.595)

    def forward(self, *xs):
        out = []
        for x, units, last in zip(xs, self.cls_convs, self.rtm_cls):
            for unit in units:
                x = unit(x)
            out.append(last(x))
        return out

def build():
    return SepBNHead()

def example_input():
    return tuple(torch.randn(2, 16, s, s) for s in (16, 8, 4))
