"""t07 (class 2): the conversion table knows the router's expert_bias for the MTP layers only: the buffer stays at its zero initial value

Link: https://github.com/NVIDIA-NeMo/Megatron-Bridge/pull/4657
Numerically: every decoder layer's expert_bias is 0, the checkpoint's is about 5
Expected finding: ckpt_mismatch, missing_tensor  [visible from R: a reference: checkpoint, other
    rank, seed or device, vector file]
"""
META = {'id': 't07',
 'cls': 2,
 'title': "the conversion table knows the router's expert_bias for the MTP layers only: the buffer stays at "
          'its zero initial value',
 'link': 'https://github.com/NVIDIA-NeMo/Megatron-Bridge/pull/4657',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'missing_tensor'],
 'sees': "every decoder layer's expert_bias is 0, the checkpoint's is about 5",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Gate(nn.Module):
    def __init__(self, d, n):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n, d).normal_(0, 0.02))
        self.register_buffer("expert_bias", torch.zeros(n))

    def forward(self, x):
        score = torch.sigmoid(x @ self.weight.T)
        chosen = (score + self.expert_bias).topk(2, -1).indices
        return torch.zeros_like(score).scatter(-1, chosen, score.gather(-1, chosen))

class Layer(nn.Module):
    def __init__(self, d=32, n=8):
        super().__init__()
        self.norm = nn.RMSNorm(d)
        self.gate = Gate(d, n)
        self.experts = nn.Parameter(torch.empty(n, d, d).normal_(0, d**-0.5))

    def forward(self, x):
        h = self.norm(x)
        return x + torch.einsum("be,eij,bj->bi", self.gate(h), self.experts, h)

def _model():
    return nn.ModuleDict({"decoder": nn.Sequential(Layer(), Layer()), "mtp": nn.Sequential(Layer())})

class Bridge(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = _model()

    def forward(self, x):
        return self.parts["mtp"](self.parts["decoder"](x))

def reference_state():
    g = torch.Generator().manual_seed(55)
    state = {}
    for k, v in Bridge().state_dict().items():
        noise = torch.randn(v.shape, generator=g)
        state[k] = 5 + 0.1 * noise if k.endswith("expert_bias") else 1 + 0.1 * noise if "norm" in k else 0.05 * noise
    return state

def _make(fix):
    model = Bridge()
    state = {k: v for k, v in reference_state().items() if fix or "expert_bias" not in k or ".mtp." in k}
    model.load_state_dict(state, strict=False)
    return model

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(12, 32),)
