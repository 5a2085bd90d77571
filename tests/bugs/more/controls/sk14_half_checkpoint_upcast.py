"""sk14 (control): weights that went through bfloat16 and are float32 again

Link: https://huggingface.co/docs/transformers/v4.40.0/en/main_classes/model
Why it is NOT a bug: few different values, as in any model loaded from a half-precision file
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk14',
 'cls': 'control',
 'title': 'weights that went through bfloat16 and are float32 again',
 'link': 'https://huggingface.co/docs/transformers/v4.40.0/en/main_classes/model',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'few different values, as in any model loaded from a half-precision file',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def build():
    net = nn.Sequential(nn.Embedding(200, 64), nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64))
    nn.init.normal_(net[0].weight, 0.0, 0.02)
    return net.to(torch.bfloat16).float()

def example_input():
    return (torch.randint(0, 200, (2, 9)),)
