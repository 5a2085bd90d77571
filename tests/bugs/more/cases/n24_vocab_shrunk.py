"""n24 (class 2): resizing to len(tokenizer) shrinks a padded table: trained rows are lost

Link: https://github.com/unslothai/unsloth-zoo/pull/923
Numerically: the table has 500 rows, the checkpoint 512
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'n24',
 'cls': 2,
 'title': 'resizing to len(tokenizer) shrinks a padded table: trained rows are lost',
 'link': 'https://github.com/unslothai/unsloth-zoo/pull/923',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': 'the table has 500 rows, the checkpoint 512',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, v=512, d=16):
        super().__init__()
        self.tok = nn.Embedding(v, d)
        self.fc = nn.Linear(d, d)

    def forward(self, ids):
        return self.fc(self.tok(ids)) @ self.tok.weight.T

def reference_state():
    g = torch.Generator().manual_seed(17)
    return {k: 0.05 * torch.randn(v.shape, generator=g) for k, v in LM().state_dict().items()}

def _make(fix):
    m = LM()
    m.load_state_dict(reference_state())
    if not fix:
        small = nn.Embedding(500, 16)
        small.weight.data.copy_(m.tok.weight.data[:500])
        m.tok = small
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 500, (2, 5)),)
