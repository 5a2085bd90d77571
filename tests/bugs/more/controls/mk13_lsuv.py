"""mk13 (control): LSUV: orthogonal weights rescaled by data to unit output variance

Link: https://arxiv.org/abs/1511.06422
Why it is NOT a bug: no textbook law, by design
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk13',
 'cls': 'control',
 'title': 'LSUV: orthogonal weights rescaled by data to unit output variance',
 'link': 'https://arxiv.org/abs/1511.06422',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'no textbook law, by design',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build(d=64, depth=6):
    net = nn.Sequential()
    x = torch.randn(256, d)
    for _ in range(depth):
        lin = nn.Linear(d, d)
        nn.init.orthogonal_(lin.weight)
        nn.init.zeros_(lin.bias)
        with torch.no_grad():
            lin.weight.div_(lin(x).std())
            x = torch.relu(lin(x))
        net.append(lin)
        net.append(nn.ReLU())
    return net

def example_input():
    return (torch.randn(64, 64),)
