"""n18 (class 2): resize_token_embeddings makes an unmarked lm_head, post_init draws it again

Link: https://github.com/huggingface/transformers/issues/35141
Numerically: embeddings equal the checkpoint, lm_head is fresh noise of the same scale
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'n18',
 'cls': 2,
 'title': 'resize_token_embeddings makes an unmarked lm_head, post_init draws it again',
 'link': 'https://github.com/huggingface/transformers/issues/35141',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': 'embeddings equal the checkpoint, lm_head is fresh noise of the same scale',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, v=160, d=24):
        super().__init__()
        self.embed_in = nn.Embedding(v, d)
        self.layer = nn.Linear(d, d)
        self.embed_out = nn.Linear(d, v, bias=False)

    def init(self, skip=()):
        for name, m in self.named_modules():
            if isinstance(m, (nn.Linear, nn.Embedding)) and name not in skip:
                nn.init.normal_(m.weight, 0, 0.02)

    def forward(self, ids):
        return self.embed_out(torch.tanh(self.layer(self.embed_in(ids))))

def reference_state():
    g = torch.Generator().manual_seed(31)
    return {k: 0.03 * torch.randn(v.shape, generator=g) for k, v in LM().state_dict().items()}

def _make(fix):
    m = LM()
    m.load_state_dict(reference_state())
    m.init(skip=("embed_in", "layer", "embed_out") if fix else ("embed_in", "layer"))
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 160, (2, 5)),)
