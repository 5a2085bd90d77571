"""One block of memory under two names."""

from __future__ import annotations

import copy

import pytest
import torch

from embcheck.results import Severity
from embcheck.subjects.conversion.aliases import memory


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("shared-memory")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("shared-memory")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


class Searched(torch.nn.Module):
    def __init__(self, held) -> None:
        super().__init__()
        self.table = torch.randn(4, 3).numpy()
        self.held = held(self.table)
        self.emb = torch.nn.Embedding.from_pretrained(torch.from_numpy(self.table), freeze=False)


def evidence(ask, model, beside=None):
    s = memory(model, beside)
    return ask("shared-memory", s.value, s.kind, name=s.name, facts=s.facts)


@pytest.mark.parametrize(
    "held",
    [
        lambda a: a,
        lambda a: a[1:, ::2],
        lambda a: a[::-1],
        lambda a: {"vectors": a},
        lambda a: [None, [a]],
        lambda a: type("Vocabulary", (), {"__init__": lambda self: setattr(self, "vectors", a)})(),
    ],
)
def test_arrays_in_the_memory_of_a_parameter(ask, held) -> None:
    found = evidence(ask, Searched(held))
    assert len(found) == 2  # self.table, and what holds it
    assert all(not e.holds and "emb.weight" in e.message for e in found)


def test_a_copy_is_silent(ask) -> None:
    model = Searched(lambda a: a.copy())
    model.emb.weight.data = model.emb.weight.data.clone()
    (found,) = evidence(ask, model)
    assert found.holds


def test_a_state_dict_kept_as_the_best(ask) -> None:
    model = torch.nn.Linear(2, 2)
    best = model.state_dict()
    assert {e.holds for e in evidence(ask, model, {"best": best})} == {False}
    assert {e.holds for e in evidence(ask, model, {"best": copy.deepcopy(best)})} == {True}
    model.best = best
    assert {e.holds for e in evidence(ask, model)} == {False}


def test_recurrent_layers_keep_lists_of_their_own_parameters(ask) -> None:
    (found,) = evidence(ask, torch.nn.LSTM(3, 2, num_layers=2))
    assert found.holds


def test_a_function_that_shares_is_a_note(convert) -> None:
    (found,) = convert("shared-memory", lambda t: t.detach().numpy())
    assert not found.holds
    assert found.severity is Severity.NOTE
    assert convert("shared-memory", lambda t: t.detach().numpy().copy()) == []


def test_wrappers_have_no_address_to_share(tmp_path) -> None:
    """DTensors (as FSDP makes of every parameter) say that their memory starts at 0."""
    distributed = pytest.importorskip("torch.distributed")
    if not distributed.is_available():
        pytest.skip("this torch has no torch.distributed")
    sharded = pytest.importorskip("torch.distributed.tensor")
    if not hasattr(sharded, "distribute_tensor"):
        pytest.skip("this torch has no public DTensor")
    from torch.distributed.device_mesh import init_device_mesh

    distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/store", rank=0, world_size=1)
    try:
        mesh = init_device_mesh("cpu", (1,))
        model = torch.nn.Module()
        for name in "ab":
            whole = sharded.distribute_tensor(torch.randn(3, 3), mesh, [sharded.Replicate()])
            model.register_parameter(name, torch.nn.Parameter(whole))
        assert memory(model).facts["shared"] == ()
    finally:
        distributed.destroy_process_group()
