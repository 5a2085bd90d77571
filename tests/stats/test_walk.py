"""Walks give what indexing gives, and tell the owner of the memory what they have passed."""

from __future__ import annotations

import gc

import pytest
import torch

from embcheck.stats import walk
from embcheck.stats.profile import profile
from embcheck.stats.repetition import repeated_slices
from embcheck.stats.summary import summarize


class Recorder:
    """An owner that blanks what is left behind, as if the pages were gone for good."""

    def __init__(self, *, blank: bool) -> None:
        self.blank = blank
        self.elements = 0

    def left(self, part: torch.Tensor) -> None:
        self.elements += part.numel()
        if self.blank:
            part.fill_(7.0)


@pytest.fixture
def matrix() -> torch.Tensor:
    return torch.randn(301, 40, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("shape", [(), (0, 3), (1,), (17,), (301, 40), (5, 4, 3, 2)])
def test_rows_hold_every_element_once(shape: tuple[int, ...]) -> None:
    x = torch.randn(shape)
    assert torch.equal(torch.cat([p.reshape(-1) for p in walk.rows(x, 10)]), x.reshape(-1))


@pytest.mark.parametrize("step", [1, 3, 400])
@pytest.mark.parametrize("columns", [slice(None), slice(2, 9), slice(None, None, 7)])
def test_thinned_is_a_slice(matrix: torch.Tensor, step: int, columns: slice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "ELEMENTS", 1000)
    want = matrix[::step, columns].clone()
    owner = Recorder(blank=True)
    assert torch.equal(walk.thinned(matrix, step, columns), want)
    walk.own(matrix, owner)
    assert torch.equal(walk.thinned(matrix, step, columns), want)
    assert owner.elements == matrix.numel()


def test_an_owner_that_is_gone_is_told_nothing(matrix: torch.Tensor) -> None:
    owner = Recorder(blank=True)
    walk.own(matrix, owner)
    before = matrix.clone()
    del owner
    gc.collect()
    assert len(list(walk.rows(matrix, 100))) > 1
    assert torch.equal(matrix, before)


def test_a_transpose_is_never_given_back_in_pieces(matrix: torch.Tensor) -> None:
    owner = Recorder(blank=True)
    walk.own(matrix, owner)
    want = matrix.clone().T
    assert torch.equal(torch.cat(list(walk.rows(matrix.T, 100))), want)


@pytest.mark.parametrize(
    "look",
    [summarize, profile, lambda x: repeated_slices(x, 0, 1e-7), lambda x: repeated_slices(x, 1, 1e-7)],
    ids=["summary", "profile", "rows", "columns"],
)
def test_what_is_looked_at_is_left_after_it_was_needed(look) -> None:
    x = torch.randn(3000, 500, generator=torch.Generator().manual_seed(0))
    plain = look(x.clone())
    owner = Recorder(blank=False)
    walk.own(x, owner)
    got = look(x)
    assert owner.elements > 0
    for name in ("n", "mean", "std", "distinct", "count", "row_size"):
        assert getattr(got, name, None) == getattr(plain, name, None)


@pytest.mark.parametrize("change", [None, 0, 12_039])
def test_equal(matrix: torch.Tensor, change: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "ELEMENTS", 1000)
    other = matrix.clone()
    if change is not None:
        other.view(-1)[change] += 1
    assert walk.equal(matrix, other) is (change is None)
    assert not walk.equal(matrix, other[:300])
