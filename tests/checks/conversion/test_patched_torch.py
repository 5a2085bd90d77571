"""Edits of torch's own source."""

from __future__ import annotations

import runpy

import pytest
import torch

from embcheck.results import Location, Severity
from embcheck.subjects.conversion.installed import additions, installation


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("patched-torch")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("patched-torch")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


PRISTINE = "def __array__(self, dtype=None):\n    if dtype is None:\n        return self.numpy()\n"


def test_the_installed_torch_is_as_shipped(ask) -> None:
    s = installation()
    (found,) = ask("patched-torch", s.value, s.kind, name=s.name, facts=s.facts)
    assert found.holds, found.message


@pytest.mark.parametrize("edit", ["self.cpu().numpy()", "self.detach().cpu().numpy()", "self.to('cpu').numpy()"])
def test_the_edit_is_recognised(edit: str) -> None:
    assert additions(PRISTINE) == set()
    assert additions(PRISTINE.replace("self.numpy()", edit))


def test_an_edited_torch_is_an_error_with_its_line(ask, monkeypatch, tmp_path) -> None:
    source = tmp_path / "edited.py"
    source.write_text("\n\n" + PRISTINE.replace("self.numpy()", "self.cpu().numpy()"))
    scope = runpy.run_path(str(source))
    monkeypatch.setattr(torch.Tensor, "__array__", scope["__array__"])
    s = installation()
    (found,) = ask("patched-torch", s.value, s.kind, name=s.name, facts=s.facts)
    assert not found.holds
    assert ".cpu()" in found.message
    assert "force-reinstall" in found.fix
    assert s.location == Location(str(source), 3)
