"""n22 (class 2): load_state_dict silently ignores keys of a module registered as None: the gate is in
    the file, not in the model

Link: https://github.com/facebookresearch/fairseq2/issues/308
Numerically: the checkpoint has gate.weight and gate.bias, the model has no such tensors
Expected finding: ckpt_mismatch, missing_tensor  [visible from R: a reference (checkpoint, other
    rank/seed/device, vector file)]
"""
META = {'id': 'n22',
 'cls': 2,
 'title': 'load_state_dict silently ignores keys of a module registered as None: the gate is in the file, '
          'not in the model',
 'link': 'https://github.com/facebookresearch/fairseq2/issues/308',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'missing_tensor'],
 'sees': 'the checkpoint has gate.weight and gate.bias, the model has no such tensors',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Layer(nn.Module):
    def __init__(self, gate):
        super().__init__()
        self.proj = nn.Linear(20, 20)
        self.register_module("gate", nn.Linear(20, 20) if gate else None)

    def forward(self, x):
        y = self.proj(x)
        return y if self.gate is None else y * torch.sigmoid(self.gate(x))

def reference_state():
    g = torch.Generator().manual_seed(2)
    return {k: 0.2 * torch.randn(v.shape, generator=g) for k, v in Layer(True).state_dict().items()}

def _make(fix):
    m = Layer(gate=fix)
    m.load_state_dict(reference_state(), strict=False)
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 20),)
