"""rk06 (control): S4D: log_A_real is log(1/2) everywhere, A_imag is pi n in each channel, D is drawn

Link: https://arxiv.org/abs/2206.11893
Why it is NOT a bug: S4D-Lin: all channels share one spectrum on purpose, log_dt is uniform in log
    scale
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk06',
 'cls': 'control',
 'title': 'S4D: log_A_real is log(1/2) everywhere, A_imag is pi n in each channel, D is drawn',
 'link': 'https://arxiv.org/abs/2206.11893',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'S4D-Lin: all channels share one spectrum on purpose, log_dt is uniform in log scale',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class S4DKernel(nn.Module):
    def __init__(self, h=16, n=16, low=0.001, high=0.1):
        super().__init__()
        self.log_dt = nn.Parameter(torch.rand(h) * (math.log(high) - math.log(low)) + math.log(low))
        self.C = nn.Parameter(torch.view_as_real(torch.randn(h, n // 2, dtype=torch.cfloat)))
        self.log_A_real = nn.Parameter(torch.log(0.5 * torch.ones(h, n // 2)))
        self.A_imag = nn.Parameter(math.pi * torch.arange(n // 2).float().repeat(h, 1))

    def forward(self, length):
        dt, c = self.log_dt.exp(), torch.view_as_complex(self.C)
        a = -self.log_A_real.exp() + 1j * self.A_imag
        da = a * dt[:, None]
        k = da[..., None] * torch.arange(length)
        return 2 * torch.einsum("hn,hnl->hl", c * (da.exp() - 1) / a, k.exp()).real

class S4D(nn.Module):
    def __init__(self, h=16):
        super().__init__()
        self.kernel, self.D = S4DKernel(h), nn.Parameter(torch.randn(h))
        self.output_linear = nn.Sequential(nn.Conv1d(h, 2 * h, 1), nn.GLU(dim=-2))

    def forward(self, u):
        n = u.shape[-1]
        k = torch.fft.rfft(self.kernel(n), n=2 * n)
        y = torch.fft.irfft(torch.fft.rfft(u, n=2 * n) * k, n=2 * n)[..., :n] + u * self.D[:, None]
        return self.output_linear(nn.functional.gelu(y))

def build():
    return S4D()

def example_input():
    return (torch.randn(2, 16, 24),)
