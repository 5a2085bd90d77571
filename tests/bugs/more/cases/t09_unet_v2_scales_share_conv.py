"""t09 (class 3): [nn.Conv2d(...)] * 4 for the scales of a feature pyramid, and again for the outputs: all scales share one convolution

Link: https://github.com/yaoppeng/U-Net_v2/issues/10
Numerically: convs.0 to convs.3 are one object, and so are seg_outs.0 to seg_outs.3
Expected finding: shared_module  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 't09',
 'cls': 3,
 'title': '[nn.Conv2d(...)] * 4 for the scales of a feature pyramid, and again for the outputs: all scales '
          'share one convolution',
 'link': 'https://github.com/yaoppeng/U-Net_v2/issues/10',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'convs.0 to convs.3 are one object, and so are seg_outs.0 to seg_outs.3',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
import torch.nn.functional as F

class SDI(nn.Module):
    def __init__(self, fix, c):
        super().__init__()
        make = lambda: nn.Conv2d(c, c, 3, padding=1)
        self.convs = nn.ModuleList([make() for _ in range(4)] if fix else [make()] * 4)

    def forward(self, xs, anchor):
        out = torch.ones_like(anchor)
        for conv, x in zip(self.convs, xs):
            out = out * conv(F.interpolate(x, anchor.shape[-2:]))
        return out

class UNetV2(nn.Module):
    def __init__(self, fix, c=12, classes=3):
        super().__init__()
        self.stem = nn.Conv2d(3, c, 3, padding=1)
        self.downs = nn.ModuleList(nn.Conv2d(c, c, 3, 2, 1) for _ in range(3))
        self.sdi = nn.ModuleList(SDI(fix, c) for _ in range(4))
        out = lambda: nn.Conv2d(c, classes, 1)
        self.seg_outs = nn.ModuleList([out() for _ in range(4)] if fix else [out()] * 4)

    def forward(self, x):
        xs = [F.relu(self.stem(x))]
        for down in self.downs:
            xs.append(F.relu(down(xs[-1])))
        return [head(sdi(xs, a)) for head, sdi, a in zip(self.seg_outs, self.sdi, xs)]

def _make(fix):
    return UNetV2(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 16, 16),)
