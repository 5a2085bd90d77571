"""Every row of the table, run: the operation does what the table says, and the line to write instead holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from embcheck.rules import RULES
from embcheck.subjects.conversion.attempt import attempt
from embcheck.subjects.conversion.pitfall import Expected, Pitfall, raises, silently, works
from embcheck.subjects.conversion.stock import PITFALLS, pitfalls
from embcheck.subjects.state import preserved

CPU = torch.device("cpu")


@pytest.mark.parametrize("row", PITFALLS, ids=lambda r: r.name)
def test_row_does_what_the_table_says_and_its_line_holds(row: Pitfall) -> None:
    with preserved():
        (subject,) = pitfalls(CPU, [row])
    if isinstance(subject.value, str):
        pytest.skip(subject.value)
    tried = subject.value
    assert tried.as_known, (tried.outcome, tried.exception, tried.message)
    assert tried.verified, tried.objection


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("row", [r for r in PITFALLS if r.off_cpu], ids=lambda r: r.name)
def test_row_holds_on_cuda_and_its_line_is_verified_there(row: Pitfall) -> None:
    with preserved():
        (subject,) = pitfalls(torch.device("cuda:0"), [row])
    tried = subject.value
    assert tried.as_known, (tried.outcome, tried.exception, tried.message)
    assert tried.verified, tried.objection
    assert (tried.device, tried.verified_on) == ("cuda:0", "cuda:0")


def test_names_are_unique_and_rules_exist() -> None:
    assert max(Counter(row.name for row in PITFALLS).values()) == 1
    assert {row.rule for row in PITFALLS} <= {r.name for r in RULES if r.code.startswith("CNV")}


def test_a_machine_with_only_a_cpu_claims_no_accelerator() -> None:
    off = [row for row in PITFALLS if row.off_cpu]
    assert off
    with preserved():
        for subject in pitfalls(CPU, off):
            if not isinstance(subject.value, str):
                assert subject.value.device == "meta"
                assert subject.value.verified_on == "cpu"


ROW = Pitfall("off-cpu", "a tensor", "x = torch.tensor([1.0])", "x.numpy()", works("y.tolist() == [1.0]"), "",
              "x.numpy()", "y.tolist() == [1.0]")  # fmt: skip


def test_a_row_that_holds() -> None:
    tried = attempt(ROW, CPU)
    assert (tried.outcome, tried.as_known, tried.verified, tried.dtype) == ("works", True, True, "float32")


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (raises("TypeError"), "works"),
        (raises("ValueError", "other words"), "works"),
        (silently("shares", "False"), "works otherwise"),
        (works("y.tolist() == [2.0]"), "works otherwise"),
        (Expected("crashes"), "works"),
    ],
)
def test_a_torch_that_changed_is_seen(expected: Expected, seen: str) -> None:
    tried = attempt(replace(ROW, expected=expected), CPU)
    assert not tried.as_known
    assert tried.outcome == seen


def test_another_exception_or_message_is_a_change() -> None:
    failing = replace(ROW, operation="torch.zeros(2).view(3)", expected=raises("RuntimeError", "invalid for input"))
    assert attempt(failing, CPU).as_known
    assert not attempt(replace(failing, expected=raises("TypeError", "invalid for input")), CPU).as_known
    assert not attempt(replace(failing, expected=raises("RuntimeError", "no such words")), CPU).as_known


@pytest.mark.parametrize(
    ("safe", "proof", "objection"),
    [
        ("x.numpy() * 2", "y.tolist() == [1.0]", "is false"),
        ("x.no_such_method()", "True", "AttributeError"),
        ("torch.tensor(x)", "True", "it warns: UserWarning"),
        ("x.numpy()", "y.no_such_attribute", "AttributeError"),
    ],
)
def test_advice_that_does_not_hold_is_seen(safe: str, proof: str, objection: str) -> None:
    tried = attempt(replace(ROW, safe=safe, proof=proof), CPU)
    assert not tried.verified
    assert objection in tried.objection
    assert tried.verified_on == ""


def test_a_warning_that_torch_gives_once_a_process_is_seen_twice() -> None:
    row = replace(
        ROW, setup="a = np.ones(1)\na.flags.writeable = False", operation="torch.from_numpy(a)",
        expected=Expected("warns", "UserWarning", "not writ"),
    )  # fmt: skip
    assert attempt(row, CPU).as_known
    assert attempt(row, CPU).as_known
    assert not torch.is_warn_always_enabled()


def test_a_crash_stays_in_its_own_process() -> None:
    row = replace(ROW, operation="__import__('os').abort()", expected=Expected("crashes"), fatal=True)
    assert attempt(row, CPU).as_known
    fine = replace(row, operation="1 + 1")
    assert attempt(fine, CPU).outcome == "works"
    loud = replace(row, operation="torch.zeros(2).view(3)")
    assert attempt(loud, CPU).exception == "RuntimeError"


def test_random_states_and_grad_mode_are_as_before() -> None:
    torch.manual_seed(5)
    np.random.seed(5)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()
    with preserved():
        list(pitfalls(CPU, PITFALLS[:40]))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]
    assert torch.is_grad_enabled()


def test_what_is_unknown_or_missing_is_said_not_guessed() -> None:
    (unknown,) = pitfalls(CPU, [replace(ROW, expected=Expected("", known=False))])
    assert "is not in the table" in unknown.value
    (missing,) = pitfalls(CPU, [replace(ROW, needs="hasattr(torch, 'float3')")])
    assert "no such thing" in missing.value
    (unmade,) = pitfalls(CPU, [replace(ROW, setup="raise NotImplementedError('no such backend')")])
    assert "no such backend" in unmade.value
