"""n64 (class 6): tie_weights runs after loading and replaces a trained lm_head by the embedding

Link: https://github.com/huggingface/transformers/pull/42612
Numerically: lm_head is the embedding; the checkpoint's lm_head is another matrix
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'n64',
 'cls': 6,
 'title': 'tie_weights runs after loading and replaces a trained lm_head by the embedding',
 'link': 'https://github.com/huggingface/transformers/pull/42612',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': "lm_head is the embedding; the checkpoint's lm_head is another matrix",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, v=130, d=24):
        super().__init__()
        self.embed_tokens = nn.Embedding(v, d)
        self.ff = nn.Linear(d, d)
        self.lm_head = nn.Linear(d, v, bias=False)

    def forward(self, ids):
        return self.lm_head(self.ff(self.embed_tokens(ids)))

def reference_state():
    g = torch.Generator().manual_seed(21)
    return {k: 0.04 * torch.randn(v.shape, generator=g) for k, v in LM().state_dict().items()}

def _make(fix):
    m = LM()
    m.load_state_dict(reference_state())
    if not fix:
        m.lm_head.weight = m.embed_tokens.weight
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 130, (2, 6)),)
