"""u11 (class 10): the optimizer gets the parameters of the denoiser only: the decoder that maps back to tokens is never trained

Link: https://github.com/cabralpinto/modular-diffusion/issues/17
Numerically: decoder.weight requires a gradient, gets one, and is in no parameter group
Expected finding: stale_optimizer  [visible from M]
"""
META = {'id': 'u11',
 'cls': 10,
 'title': 'the optimizer gets the parameters of the denoiser only: the decoder that maps back to tokens is never '
          'trained',
 'link': 'https://github.com/cabralpinto/modular-diffusion/issues/17',
 'also': [],
 'level': 'M',
 'expect': ['stale_optimizer'],
 'sees': 'decoder.weight requires a gradient, gets one, and is in no parameter group',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Diffusion(nn.Module):
    def __init__(self, fix, vocab=40, d=32):
        super().__init__()
        self.encoder = nn.Embedding(vocab, d)
        self.denoiser = nn.Sequential(nn.Linear(d, 2 * d), nn.SiLU(), nn.Linear(2 * d, d))
        self.decoder = nn.Linear(d, vocab)
        groups = [*self.encoder.parameters(), *self.denoiser.parameters()]
        self.optimizer = torch.optim.Adam(groups + list(self.decoder.parameters()) if fix else groups, lr=1e-3)

    def forward(self, ids):
        z = self.encoder(ids)
        return self.decoder(z + self.denoiser(z))

def _make(fix):
    return Diffusion(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.arange(40).view(2, 20),)
