"""mk18 (control): LSTM: each gate orthogonal, xavier inputs, forget gate bias 1

Link: https://proceedings.mlr.press/v37/jozefowicz15.html
Why it is NOT a bug: usual recipe
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk18',
 'cls': 'control',
 'title': 'LSTM: each gate orthogonal, xavier inputs, forget gate bias 1',
 'link': 'https://proceedings.mlr.press/v37/jozefowicz15.html',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'usual recipe',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build(i=32, h=48):
    lstm = nn.LSTM(i, h, num_layers=2, batch_first=True)
    for name, p in lstm.named_parameters():
        if "weight_ih" in name:
            for w in p.data.chunk(4):
                nn.init.xavier_uniform_(w)
        elif "weight_hh" in name:
            for w in p.data.chunk(4):
                nn.init.orthogonal_(w)
        else:
            nn.init.zeros_(p)
            if "bias_ih" in name:
                p.data[h:2 * h] = 1.0
    return lstm

def example_input():
    return (torch.randn(3, 8, 32),)
