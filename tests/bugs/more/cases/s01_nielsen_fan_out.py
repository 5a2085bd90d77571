"""s01 (class 4): fully connected layers draw with std 1/sqrt(n_out) where the book says 1/sqrt(n_in)

Link: https://github.com/mnielsen/neural-networks-and-deep-learning/issues/30
Numerically: 784 to 30: std 0.18 instead of 0.036, pre-activations of std 5 on sigmoids
Expected finding: scale_too_large, saturated_units  [visible from S: the author's declared intention
    (spec)]
"""
META = {'id': 's01',
 'cls': 4,
 'title': 'fully connected layers draw with std 1/sqrt(n_out) where the book says 1/sqrt(n_in)',
 'link': 'https://github.com/mnielsen/neural-networks-and-deep-learning/issues/30',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large', 'saturated_units'],
 'sees': '784 to 30: std 0.18 instead of 0.036, pre-activations of std 5 on sigmoids',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['normal', 0.0, 0.03571428571428571]}}

import math
import torch
from torch import nn

def _make(fix):
    net = nn.Sequential(nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, 10))
    for m in net:
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0.0, math.sqrt(1.0 / (m.in_features if fix else m.out_features)))
            nn.init.normal_(m.bias)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(64, 784),)
