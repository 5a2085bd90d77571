"""Conjugate and negative bits."""

from __future__ import annotations

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("lazy-bits")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("lazy-bits")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_both_bits_are_caught_and_the_lines_verified(cross) -> None:
    z = torch.tensor([1 + 2j, 3 - 1j])
    (conjugated,) = cross("lazy-bits", z.conj())
    assert conjugated.fix == "x.resolve_conj().numpy() (run and compared here)"
    (negated,) = cross("lazy-bits", z.conj().imag)
    assert negated.fix == "x.resolve_neg().numpy() (run and compared here)"
    assert cross("lazy-bits", z)[0].holds
    assert cross("lazy-bits", z.conj().resolve_conj())[0].holds


def test_a_function_that_loses_the_sign_is_an_error(convert) -> None:
    found = convert("lazy-bits", np.from_dlpack)
    lost = next(e for e in found if "negative bit" in e.part)
    assert not lost.holds
    assert lost.severity is Severity.ERROR
    assert "[2.0]" in lost.message
    assert all(e.holds for e in convert("lazy-bits", lambda t: t.resolve_conj().resolve_neg().numpy()))
