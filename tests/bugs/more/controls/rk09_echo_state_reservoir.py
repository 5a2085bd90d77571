"""rk09 (control): echo state network: a fixed reservoir, nine tenths of it zero, scaled to spectral radius 0.9

Link: https://www.scholarpedia.org/article/Echo_state_network
Why it is NOT a bug: the sparse recurrent matrix is a buffer drawn once; only the readout is trained
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk09',
 'cls': 'control',
 'title': 'echo state network: a fixed reservoir, nine tenths of it zero, scaled to spectral radius 0.9',
 'link': 'https://www.scholarpedia.org/article/Echo_state_network',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'the sparse recurrent matrix is a buffer drawn once; only the readout is trained',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class ESN(nn.Module):
    def __init__(self, d=3, n=60, out=2):
        super().__init__()
        w = (torch.rand(n, n) - 0.5) * (torch.rand(n, n) < 0.1)
        w = w * (0.9 / torch.linalg.eigvals(w).abs().max())
        self.register_buffer("w_in", torch.rand(n, d) - 0.5)
        self.register_buffer("w", w)
        self.readout = nn.Linear(n, out)

    def forward(self, x):
        h = x.new_zeros(x.shape[0], self.w.shape[0])
        for t in range(x.shape[1]):
            h = torch.tanh(x[:, t] @ self.w_in.T + h @ self.w.T)
        return self.readout(h)

def build():
    return ESN()

def example_input():
    return (torch.randn(4, 9, 3),)
