"""The promises in every dtype: what is not kept is known, and says what torch does instead."""

from __future__ import annotations

import math

import pytest
import torch

from embcheck.rules import RULES
from embcheck.subjects.promises.promise import Place, accepts, refuses
from embcheck.subjects.promises.stock import promises
from embcheck.subjects.state import preserved

CPU = torch.device("cpu")


def run(dtype: torch.dtype, device: torch.device = CPU, **options):
    with preserved():
        return list(promises(device, dtype, 0, **options))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_every_promise_is_kept_or_known_not_to_be(dtype: torch.dtype) -> None:
    for subject in run(dtype):
        p = subject.value
        if isinstance(p, str):  # what half precision lacks
            assert "not implemented" in p or "another device" in p, (subject.name, p)
            continue
        assert abs(p.measured - p.expected) <= p.allowed or p.known, (subject.name, p)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_every_promise_is_kept_or_known_on_cuda() -> None:
    for subject in run(torch.float32, torch.device("cuda:0")):
        p = subject.value
        if not isinstance(p, str):
            assert abs(p.measured - p.expected) <= p.allowed or p.known, (subject.name, p)


def test_each_is_for_a_rule_that_there_is_and_each_rule_has_some() -> None:
    found = run(torch.float32)
    asked = {s.role for s in found}
    assert asked <= {r.name for r in RULES if r.code.startswith("EMB")}
    assert asked == {
        "padding-row-gets-gradient", "index-out-of-range", "max-norm-violated", "frozen-parameter", "wrong-bag",
        "sparse-optimizer", "unseen-rows-updated", "wrong-frequency-scale", "wrong-product", "index-type",
    }  # fmt: skip
    assert len({s.name for s in found}) == len(found)


def test_without_training_no_optimizer_is_made(monkeypatch) -> None:
    def refused(*_, **__):
        raise AssertionError("an optimizer was made")

    monkeypatch.setattr(torch.optim.Optimizer, "__init__", refused)
    found = run(torch.float32, training=False)
    assert found
    assert not [s for s in found if isinstance(s.value, str) and "an optimizer was made" in s.value]


def test_nothing_global_moves() -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run(torch.float32)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled()


def test_adam_in_half_precision_ruins_rows_without_gradient() -> None:
    """eps = 1e-8 rounds to 0 in float16, and 0/0 is NaN."""
    (row,) = (s.value for s in run(torch.float16) if s.name == "a zero padding row under Adam(lr=0.1)")
    assert math.isnan(row.measured)
    assert "float16" in row.known


def test_a_crash_of_one_promise_leaves_the_others() -> None:
    (subject,) = Place(CPU, torch.float32, 0, "wrong-bag").subject("x", lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    assert subject.role == "wrong-bag"
    assert subject.value.startswith("ZeroDivisionError")


def test_refuses_and_accepts_measure_the_opposite() -> None:
    assert refuses("r", "s", lambda: 1 / 0).measured == 1.0
    assert refuses("r", "s", lambda: 1).measured == 0.0
    assert accepts("r", "s", lambda: 1 / 0).measured == 0.0
    assert accepts("r", "s", lambda: 1).measured == 1.0
