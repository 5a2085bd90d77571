"""Shapes of matrix products."""

from __future__ import annotations


def test_torch_keeps_its_promises(kept) -> None:
    assert kept("wrong-product") == []
