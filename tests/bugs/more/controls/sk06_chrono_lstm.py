"""sk06 (control): chrono initialisation: forget biases log U(1, T-1), input biases their negative

Link: https://arxiv.org/abs/1804.11188
Why it is NOT a bug: the biases are random and large by design
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk06',
 'cls': 'control',
 'title': 'chrono initialisation: forget biases log U(1, T-1), input biases their negative',
 'link': 'https://arxiv.org/abs/1804.11188',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the biases are random and large by design',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, i=12, h=48, t=200):
        super().__init__()
        self.lstm, self.out = nn.LSTM(i, h, batch_first=True), nn.Linear(h, 3)
        for k in range(4):
            nn.init.xavier_uniform_(self.lstm.weight_ih_l0.data[k * h:(k + 1) * h])
            nn.init.orthogonal_(self.lstm.weight_hh_l0.data[k * h:(k + 1) * h])
        nn.init.zeros_(self.lstm.bias_hh_l0)
        b = self.lstm.bias_ih_l0.data.zero_()
        b[h:2 * h] = torch.log(torch.empty(h).uniform_(1, t - 1))
        b[:h] = -b[h:2 * h]

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])

def build():
    return Net()

def example_input():
    return (torch.randn(4, 9, 12),)
