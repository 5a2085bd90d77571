"""A target beside a reference: who is paired with whom, and what cannot be."""

from __future__ import annotations

import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.results import Status
from embcheck.subjects.inventory.held import from_tensors
from embcheck.subjects.inventory.references import Pair, pairs


def found(own: dict[str, torch.Tensor], theirs: dict[str, torch.Tensor]) -> dict[str, Pair]:
    return {p.name: p for p in pairs(from_tensors(own), from_tensors(theirs), {})}


def test_by_name_with_prefixes_taken_off() -> None:
    w, b = torch.randn(3, 4), torch.randn(3)
    paired = found({"l.w": w, "l.b": b}, {"module.l.w": w, "module.l.b": b})
    assert set(paired) == {"l.w", "l.b"}
    assert all(p.unequal == (0.0, 0.0) for p in paired.values())


def test_what_stands_elsewhere_is_found_once_cast() -> None:
    w = torch.randn(5, 5)
    assert found({"a": w.bfloat16()}, {"b": w})["b"].elsewhere == "a"
    assert found({"a": w}, {"b": w + 1})["b"].elsewhere == ""
    assert found({"a": torch.zeros(5)}, {"b": torch.zeros(5)})["b"].elsewhere == ""  # every zero bias is like another


def test_a_tensor_in_an_unreadable_form_is_neither_missing_nor_unequal() -> None:
    w = torch.randn(6, 6)
    paired = found({"a": w, "b": w, "c": w.to("meta")}, {"a": w.to_sparse(), "b": w.to("meta"), "c": w})
    assert {n: p.reason for n, p in paired.items()} == {
        "a": "in the reference, its layout is torch.sparse_coo",
        "b": "in the reference, it is on the meta device and has no values",
        "c": "it is on the meta device and has no values",
    }


def test_audit_says_so() -> None:
    net = nn.Sequential(nn.Linear(16, 16), nn.Linear(16, 16))
    state = {n: t.clone() for n, t in net.state_dict().items()}
    state["0.weight"] = state["0.weight"].to_sparse()
    report = audit(net, reference=state, select=["REF"])
    skipped = {o.subject: o.reason for o in report.outcomes if o.status is Status.SKIP and o.code == "REF101"}
    assert set(skipped) == {"0.weight"}
    assert not report.failed


def test_transposed_only_where_it_is_not_equal_as_it_is() -> None:
    w = torch.randn(4, 4)
    assert Pair("w", w, w.t()).transposed
    assert not Pair("w", w, w).transposed
    assert not Pair("w", torch.ones(4, 4), torch.ones(4, 4)).transposed
    assert Pair("w", torch.randn(3, 5), torch.randn(5, 3)).transposed is False
    assert not Pair("w", None, w).transposed
