"""Building again: what each build shows, and that no two models are in memory at once."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit
from embcheck.results import Status
from embcheck.subjects.running.builds import rebuild, taken
from embcheck.subjects.running.factory import build


def test_integers_that_nobody_fills_show_too() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("steps", torch.empty((), dtype=torch.int64))
            self.register_buffer("largest", torch.tensor(torch.iinfo(torch.int64).max))

    first = build(Net, 0)
    first.steps.zero_()
    assert rebuild(Net, taken(first), 0).unfilled == {"steps": 1.0}


def test_unfilled_memory_is_one_defect_and_not_two() -> None:
    class Net(nn.Module):
        calls = 0

        def __init__(self) -> None:
            super().__init__()
            Net.calls += 1
            self.w = nn.Parameter(torch.empty(64))
            if (
                not torch.utils.deterministic.fill_uninitialized_memory
                or not torch.are_deterministic_algorithms_enabled()
            ):
                self.w.data.fill_(Net.calls)  # what memory happened to hold

    found = rebuild(Net, taken(build(Net, 0)), 0)
    assert found.unfilled == {"w": 1.0}
    assert not found.unequal


def test_a_factory_that_works_once_is_skipped_with_the_reason() -> None:
    made: list[int] = []

    def once() -> nn.Module:
        made.append(1)
        if len(made) > 1:
            raise RuntimeError("already built")
        return nn.Linear(32, 32)

    report = audit(once)
    skipped = {o.rule: o.reason for o in report.outcomes if o.status is Status.SKIP}
    assert set(skipped) == {"not-reproducible", "seed-ignored", "garbage-values", "lost-on-meta"}
    assert all("already built" in reason for reason in skipped.values())
    assert report.exit_code == 0


@pytest.mark.parametrize("inputs", [None, (torch.ones(2, 32),)])
def test_never_two_models_at_once(inputs) -> None:
    alive: list[weakref.ref[nn.Module]] = []
    most = 0

    def make() -> nn.Module:
        nonlocal most
        gc.collect()  # modules of torch are in cycles with nothing, traces are
        most = max(most, sum(r() is not None for r in alive))
        model = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4))
        alive.append(weakref.ref(model))
        return model

    report = audit(make, inputs=inputs)
    # as it is, the same seed, another seed, poisoned, on meta; a pass over inputs looks at more builds beside the first
    assert len(alive) >= 5
    assert most == (0 if inputs is None else 1)
    assert not report.failed


def test_what_a_factory_changes_is_put_back() -> None:
    def careless() -> nn.Module:
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.use_deterministic_algorithms(True)
        torch.set_num_threads(2)
        torch.autocast("cpu", dtype=torch.bfloat16).__enter__()
        torch.manual_seed(3)
        return nn.Linear(32, 32)

    threads = torch.get_num_threads()
    audit(careless)
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled()
    assert not torch.are_deterministic_algorithms_enabled()
    assert torch.get_num_threads() == threads
    assert not torch.is_autocast_enabled("cpu")
