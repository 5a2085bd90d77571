"""r16 (class 2): T5: the checkpoint has no shared.weight, the encoder's embedding is loaded from lm_head instead of the decoder's table

Link: https://github.com/huggingface/transformers/issues/48154
Numerically: encoder.embed_tokens equals lm_head.weight, a hundredth of the scale that the
    checkpoint's embedding has
Expected finding: ckpt_mismatch  [visible from R]
"""
META = {'id': 'r16',
 'cls': 2,
 'title': "T5: the checkpoint has no shared.weight, the encoder's embedding is loaded from lm_head instead "
          "of the decoder's table",
 'link': 'https://github.com/huggingface/transformers/issues/48154',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': "encoder.embed_tokens equals lm_head.weight, a hundredth of the scale that the checkpoint's "
         'embedding has',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Seq2Seq(nn.Module):
    def __init__(self, v=80, d=24):
        super().__init__()
        self.encoder_embed_tokens = nn.Embedding(v, d)
        self.decoder_embed_tokens = nn.Embedding(v, d)
        self.mix = nn.Linear(d, d, bias=False)
        self.norm = nn.LayerNorm(d, bias=False)
        self.lm_head = nn.Linear(d, v, bias=False)

    def forward(self, src, tgt):
        h = self.encoder_embed_tokens(src).mean(1, keepdim=True) + self.decoder_embed_tokens(tgt)
        return self.lm_head(self.norm(self.mix(h)))

def reference_state():
    g = torch.Generator().manual_seed(11)
    table = torch.randn(80, 24, generator=g) * 2.0
    return {"encoder_embed_tokens.weight": table, "decoder_embed_tokens.weight": table.clone(),
            "mix.weight": torch.randn(24, 24, generator=g) * 0.2, "norm.weight": torch.ones(24),
            "lm_head.weight": torch.randn(80, 24, generator=g) * 0.02}

def _make(fix):
    model, saved = Seq2Seq(), reference_state()
    model.load_state_dict(saved)
    if not fix:
        model.encoder_embed_tokens.weight.data.copy_(saved["lm_head.weight"])
    return model

def example_input():
    return torch.randint(0, 80, (2, 5)), torch.randint(0, 80, (2, 4))

def build():
    return _make(False)

def build_fixed():
    return _make(True)
