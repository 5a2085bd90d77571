"""Tables that do not train."""

from __future__ import annotations

import torch
from torch import nn

from embcheck.commands.audit import audit


def test_torch_keeps_its_promises(kept) -> None:
    assert kept("frozen-parameter") == []


def test_declared() -> None:
    torch.manual_seed(0)
    frozen = nn.Sequential(nn.Embedding.from_pretrained(torch.randn(50, 16)), nn.Linear(16, 16))
    law = {"0.weight": {"law": "any()", "trainable": True}}
    assert [o.subject for o in audit(frozen, expect=law).failed if o.rule == "frozen-parameter"] == ["0.weight"]
    law["0.weight"]["trainable"] = False
    assert not [o for o in audit(frozen, expect=law).failed if o.rule == "frozen-parameter"]
