"""u14 (class 11): pretrained.append(model[word2index[key]]): rows of the file are taken at the task's own ids

Link: https://github.com/DSKSD/DeepNLP-models-Pytorch/issues/12
Numerically: every word has the vector of another word of the file
Expected finding: row_order, ckpt_mismatch, vectors_mismatch, pretrained_changed  [visible from R]
"""
META = {'id': 'u14',
 'cls': 11,
 'title': "pretrained.append(model[word2index[key]]): rows of the file are taken at the task's own ids",
 'link': 'https://github.com/DSKSD/DeepNLP-models-Pytorch/issues/12',
 'also': [],
 'level': 'R',
 'expect': ['row_order', 'ckpt_mismatch', 'vectors_mismatch', 'pretrained_changed'],
 'sees': 'every word has the vector of another word of the file',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

FILE = [f"w{i}" for i in range(300)]
TASK = [FILE[(i * 37 + 11) % 300] for i in range(150)]

def _file():
    return torch.randn(300, 20, generator=torch.Generator().manual_seed(11)) * 0.4

def reference_state():
    rows = {word: row for word, row in zip(FILE, _file())}
    return {"embedding.weight": torch.stack([rows[word] for word in TASK])}

class TextCNN(nn.Module):
    def __init__(self, fix):
        super().__init__()
        vectors, word2index, rows = _file(), {w: i for i, w in enumerate(TASK)}, []
        for key in TASK:
            rows.append(vectors[FILE.index(key)] if fix else vectors[word2index[key]])
        self.embedding = nn.Embedding.from_pretrained(torch.stack(rows), freeze=False)

    def forward(self, ids):
        return self.embedding(ids).transpose(1, 2)

def _make(fix):
    return TextCNN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(150, (4, 12)),)
