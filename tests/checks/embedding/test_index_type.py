"""Dtypes and devices of ids."""

from __future__ import annotations

from embcheck.checks.embedding.index_type import evidence
from embcheck.results import Skip
from embcheck.runner import Context


def test_torch_keeps_its_promises(kept) -> None:
    assert kept("index-type") == []


def test_ids_on_another_device_are_not_asked_where_there_is_none(run_promises) -> None:
    (subject,) = (s for s in run_promises if s.name == "Embedding(4, 2) with ids on another device")
    (found,) = evidence(subject, Context())
    assert isinstance(found, Skip)
    assert "need another device" in found.reason
