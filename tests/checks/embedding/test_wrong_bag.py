"""What EmbeddingBag reduces to."""

from __future__ import annotations


def test_torch_keeps_its_promises_but_for_those_known(kept) -> None:
    assert set(kept("wrong-bag")) <= {"EmbeddingBag: offsets that decrease"}
