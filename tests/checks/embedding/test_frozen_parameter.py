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


def test_a_buffer_that_was_declared_to_train() -> None:
    net = nn.Linear(4, 4)
    net.register_buffer("slot_mu", torch.randn(1, 16))
    found = audit(net, expect={"slot_mu": {"law": "any()", "trainable": True}}).failed
    assert [o.subject for o in found if o.rule == "frozen-parameter"] == ["slot_mu"]
    found = audit(net, expect={"slot_mu": {"law": "any()", "trainable": False}}).failed
    assert not [o for o in found if o.rule == "frozen-parameter"]


def test_a_frozen_vector_fits_some_law_by_chance() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(16, 64), nn.Linear(64, 64))
    net[0].requires_grad_(False)
    assert {o.subject for o in audit(net).failed if o.rule == "frozen-parameter"} == {"0.weight", "0.bias"}
    net[0].weight.data.mul_(torch.exp(torch.randn(64, 16)))  # trained: of no initializer's law
    assert not [o for o in audit(net).failed if o.rule == "frozen-parameter"]
