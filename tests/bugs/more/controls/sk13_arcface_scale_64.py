"""sk13 (control): ArcFace: cosines times 64 in front of the softmax

Link: https://arxiv.org/abs/1801.07698
Why it is NOT a bug: the scale is part of the loss; the class weights are N(0, 0.01) and normalised
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk13',
 'cls': 'control',
 'title': 'ArcFace: cosines times 64 in front of the softmax',
 'link': 'https://arxiv.org/abs/1801.07698',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the scale is part of the loss; the class weights are N(0, 0.01) and normalised',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class ArcFace(nn.Module):
    def __init__(self, d=64, n=50, s=64.0):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(40, 128), nn.BatchNorm1d(128), nn.PReLU(128), nn.Linear(128, d), nn.BatchNorm1d(d))
        self.weight = nn.Parameter(torch.empty(n, d))
        nn.init.normal_(self.weight, std=0.01)
        self.s = s

    def forward(self, x):
        return self.s * nn.functional.linear(nn.functional.normalize(self.backbone(x)), nn.functional.normalize(self.weight))

def build():
    return ArcFace()

def example_input():
    return (torch.randn(32, 40),)
