"""s62 (class 11): the vector file starts with a byte order mark: its first word is '\ufeffthe' and
    'the' gets no vector

Link: https://github.com/NVDLI/LDL/issues/3
Numerically: the row of the most frequent word is zero
Expected finding: zero_rows, unexpected_zero_row  [visible from W: values in the state dict alone]
"""
META = {'id': 's62',
 'cls': 11,
 'title': "the vector file starts with a byte order mark: its first word is '\\ufeffthe' and 'the' gets no "
          'vector',
 'link': 'https://github.com/NVDLI/LDL/issues/3',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows', 'unexpected_zero_row'],
 'sees': 'the row of the most frequent word is zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

WORDS = ["<pad>", "<unk>", "the", "of", "and", "to", "in", "a", "is", "was", "for", "on", "as", "by", "with", "he"]

def _make(fix, d=16):
    text = "\n".join(w + " " + " ".join(f"{v:.4f}" for v in (torch.randn(d) * 0.4).tolist()) for w in WORDS[2:])
    data = b"\xef\xbb\xbf" + text.encode()
    table = torch.zeros(len(WORDS), d)
    table[1] = torch.randn(d) * 0.4
    for line in data.decode("utf-8-sig" if fix else "utf-8").split("\n"):
        word, *values = line.split(" ")
        if word in WORDS:
            table[WORDS.index(word)] = torch.tensor([float(v) for v in values])
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[2, 5, 6, 0]]),)
