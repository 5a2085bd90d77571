"""Ids that name no row."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.subjects.promises.ids import ids
from embcheck.subjects.promises.promise import Place


def test_torch_keeps_its_promises(kept) -> None:
    assert kept("index-out-of-range") == []


@pytest.mark.parametrize(("ids", "sound"), [([0, 9], True), ([10], False), ([-1], False), ([2**40], False)])
def test_ids_that_the_data_uses(ids, sound: bool) -> None:
    torch.manual_seed(0)
    report = audit(nn.Sequential(nn.Embedding(10, 4), nn.Linear(4, 2)), used_ids=ids)
    caught = [o for o in report.failed if o.rule == "index-out-of-range"]
    assert (not caught) is sound


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_ends_the_process_and_not_ours() -> None:
    bad = [s for s in ids(Place(torch.device("cuda:0"), torch.float32, 0)) if s.role == "index-out-of-range"]
    assert {s.value.measured for s in bad if "with id" in s.name} == {1.0}
    assert torch.ones(1, device="cuda").item() == 1.0
