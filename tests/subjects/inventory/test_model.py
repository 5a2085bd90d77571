"""The walk over a model: every tensor once, its other names, and what is past the registers."""

from __future__ import annotations

import torch
from torch import nn

from embcheck.subjects.inventory.held import from_model, from_tensors
from embcheck.subjects.inventory.model import inventory


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(10, 4)
        self.head = nn.Linear(4, 10, bias=False)
        self.head.weight = self.emb.weight
        self.bn = nn.BatchNorm1d(4)
        self.register_buffer("freq", torch.ones(3), persistent=False)
        self.frozen = nn.Parameter(torch.ones(2), requires_grad=False)
        self.act = nn.ReLU()
        self.again = self.act


def test_each_tensor_once_with_all_its_names() -> None:
    entries = {e.name: e for e in inventory(Net()).entries}
    assert set(entries) == {
        "emb.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked", "freq",
        "frozen",
    }  # fmt: skip
    assert entries["emb.weight"].aliases == ("head.weight",)
    assert not entries["freq"].persistent and entries["bn.running_mean"].persistent
    assert not entries["frozen"].trainable
    assert entries["bn.running_var"].kind == "buffer"


def test_shared_modules_by_all_their_names() -> None:
    shared = {s.names: s.numel for s in inventory(Net()).shared_modules}
    assert shared == {("act", "again"): 0}


def test_lazy_and_meta_tensors_are_listed() -> None:
    found = inventory(nn.Sequential(nn.LazyLinear(4), nn.Linear(3, 3, device="meta")))
    assert {e.name for e in found.entries} == {"0.weight", "0.bias", "1.weight", "1.bias"}


def test_kinds_of_layers_live_and_by_name() -> None:
    live = {h.name: h.layer for h in from_model(inventory(Net()))}
    assert (live["emb.weight"], live["bn.weight"], live["frozen"]) == ("embedding", "norm", "")
    named = from_tensors({
        "h.0.ln_1.weight": torch.ones(4), "wte.weight": torch.ones(9, 4), "h.0.fc.weight": torch.ones(4, 4),
        "layer.1.norm.bias": torch.ones(4), "conv1.weight": torch.ones(4, 3, 3, 3), "bn1.running_mean": torch.ones(4),
        "rnn.weight_hh_l0": torch.ones(8, 2), "rope.inv_freq": torch.ones(4), "ids": torch.arange(3),
    })  # fmt: skip
    layers = {h.name: (h.layer, h.kind) for h in named}
    assert layers["h.0.ln_1.weight"] == ("norm", "parameter")
    assert layers["wte.weight"] == ("embedding", "parameter")
    assert layers["h.0.fc.weight"] == ("linear", "parameter")
    assert layers["layer.1.norm.bias"] == ("norm", "parameter")
    assert layers["conv1.weight"] == ("conv", "parameter")
    assert layers["rnn.weight_hh_l0"] == ("recurrent", "parameter")
    assert {layers[n][1] for n in ("bn1.running_mean", "rope.inv_freq", "ids")} == {"buffer"}


def test_stack_names() -> None:
    held = from_tensors(
        {"h.10.attn.c_proj.weight": torch.ones(1), "fc1.weight": torch.ones(1), "0.weight": torch.ones(1)}
    )
    assert [h.stack for h in held] == ["h.*.attn.c_proj.weight", "fc1.weight", "*.weight"]


def test_the_table_owns_a_weight_that_is_tied_to_a_head_before_it() -> None:
    model = nn.Sequential(nn.Linear(8, 20, bias=False), nn.Embedding(20, 8, padding_idx=3))
    model[0].weight = model[1].weight
    (entry,) = inventory(model).entries
    assert (entry.name, entry.aliases) == ("0.weight", ("1.weight",))
    assert (entry.module, entry.module_name) == (model[1], "1")
